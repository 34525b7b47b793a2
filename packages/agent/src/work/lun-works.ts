import { guardLun, withdrawLun } from "./withdraw-lun.ts";
import type { Works } from "./work.ts";

export const lunWorks: Pick<Works, "lunGuard" | "lunWithdraw"> = {
	lunGuard: {
		turn: "guard",
		do: async ({ host, log }, { wwid }) => {
			await guardLun(host, wwid);
			log(`${host.node}: nothing uses the LUN`);
			return null;
		},
	},
	lunWithdraw: {
		turn: "alone",
		do: async (work, { wwid }) => {
			const { host, ledger, exclusive, log, signal } = work;
			const withdraw = async () => {
				// It may have waited for its turn.
				signal.throwIfAborted();
				return await withdrawLun(host, ledger, wwid, work);
			};
			try {
				for (const line of await exclusive.run(withdraw)) log(line);
				return null;
			} finally {
				work.onChanged();
			}
		},
	},
};
