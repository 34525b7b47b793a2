import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type ManualClock,
	manualClock,
	San,
	type SanPlan,
	type SimulatedHost,
	type SimulateHostOptions,
	simulateHost,
} from "../src/index.ts";

/** A simulated host in a folder of its own, whose time the test moves; `close` takes all of it away. */
export interface OpenHost {
	readonly host: SimulatedHost;
	readonly san: San;
	readonly clock: ManualClock;
	/** Every wait that the host has begun so far, in milliseconds. */
	readonly waits: readonly number[];
	readonly root: string;
	/** Writes /etc/multipath.conf and lets the daemon take it in. */
	configure(text: string): Promise<void>;
	close(): Promise<void>;
}

export const allowAll = `defaults {
find_multipaths off
polling_interval 1
max_polling_interval 1
}
`;

export async function openHost(
	plan: SanPlan,
	options: Partial<SimulateHostOptions> & { readonly conf?: string } = {},
): Promise<OpenHost> {
	const root = await mkdtemp(join(tmpdir(), "pk-sim-"));
	const time = manualClock(Date.UTC(2026, 10, 22));
	const waits: number[] = [];
	const clock: ManualClock = {
		...time,
		after: (ms, run) => {
			waits.push(ms);
			return time.after(ms, run);
		},
	};
	const san = new San(plan, clock);
	const file = join(root, "etc/multipath.conf");
	await mkdir(join(root, "etc"));
	await writeFile(file, options.conf ?? allowAll);
	const node = plan.nodes[0]?.name ?? "";
	const host = await simulateHost({ node, san, root, clock, ...options });
	return {
		host,
		san,
		clock,
		waits,
		root,
		async configure(text) {
			await writeFile(file, text);
			await host.daemon.answer("reconfigure");
			clock.advance(100);
		},
		async close() {
			await host.close();
			await rm(root, { recursive: true, force: true });
		},
	};
}
