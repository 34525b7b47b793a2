import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A machine that is made up, at work in a process of its own. */
export interface Machine {
	/** Its file tree, in memory. */
	readonly root: string;
	/** Lets something happen (simulated-daemon.ts), until multipathd has seen it. */
	happen(what: "fail one path" | "restore one path" | "fail a port" | "restore a port"): Promise<void>;
	[Symbol.dispose](): void;
}

/** Starts a machine with so many LUNs, and waits until all its maps are there. */
export async function startMachine(
	luns: number,
	paths: number,
	time: "still" | "running" = "still",
): Promise<Machine> {
	const root = mkdtempSync(join("/dev/shm", "bench-"));
	const child = fork(join(import.meta.dirname, "simulated-daemon.ts"), [
		root,
		String(luns),
		String(paths),
		time,
	]);
	await once(child, "message");
	return {
		root,
		async happen(what) {
			const done = once(child, "message");
			child.send(what);
			await done;
		},
		[Symbol.dispose]() {
			child.kill();
			rmSync(root, { recursive: true, force: true });
		},
	};
}
