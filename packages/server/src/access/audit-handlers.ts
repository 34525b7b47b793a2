/** `/access/audit`: who changed what, and who was refused. */
import { accessRoutes } from "@pathkeeper/model";
import { type KeptAuditRecord, readAudit } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../http/bind.ts";
import type { AccessContext } from "./access-context.ts";

const shownAtOnce = 500;
/** Clocks of servers may differ: records of one that is ahead are shown as well. */
const aheadMs = 24 * 60 * 60 * 1000;

/** What was refused is written at most so often for who reads the audit: reading must not be a way to write. */
const flushEveryMs = 5000;

export function auditHandlers({ store, refusals, runtime }: AccessContext): BoundRoute[] {
	let flushed: { readonly at: number; readonly done: Promise<void> } | null = null;
	const flush = async () => {
		// A clock that was set back does not put it off.
		if (flushed === null || Math.abs(runtime.now() - flushed.at) >= flushEveryMs)
			flushed = { at: runtime.now(), done: refusals.flush().catch(() => undefined) };
		await flushed.done;
	};
	return [
		bind(accessRoutes.readAudit, async ({ limit = shownAtOnce, since, until, ...wanted }) => {
			// What was refused until a moment ago is among what is shown; a store that takes nothing is read all the same.
			await flush();
			const records = await readAudit(store, runtime, limit, {
				...wanted,
				since: since === undefined ? undefined : since * 1000,
				// To the end of that second.
				until: until === undefined ? runtime.now() + aheadMs : until * 1000 + 999,
			});
			return records.map(rowOf);
		}),
	];
}

function rowOf(record: KeptAuditRecord) {
	const { id, at, by, from, what, subject, before, after, detail = "", count = 1, until = at } = record;
	return {
		id,
		time: at / 1000,
		user: by,
		from,
		what,
		subject,
		detail,
		count,
		until: until / 1000,
		before,
		after,
	};
}
