import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualRuntime } from "../../model/test/runtime/manual-runtime.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import {
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
	readonly clock: ManualRuntime;
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
	const waits: number[] = [];
	const clock = new (class extends ManualRuntime {
		override schedule(ms: number, run: () => void): () => void {
			waits.push(ms);
			return super.schedule(ms, run);
		}
	})(Date.UTC(2026, 10, 22));
	const san = new San(plan, clock);
	const file = join(root, "etc/multipath.conf");
	await mkdir(join(root, "etc"));
	await writeFile(file, options.conf ?? allowAll);
	const node = plan.nodes[0]?.name ?? "";
	const host = await simulateHost({ runtime: realRuntime, node, san, root, clock, ...options });
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
