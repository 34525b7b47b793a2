import type { Host } from "@pathkeeper/host";
import { type HostCall, interceptedHost } from "../intercepted-host.ts";

/** Where a process is cut off: before its n-th step takes effect, or after it has and nobody knows. */
export interface Cut {
	/** From 1. */
	readonly step: number;
	readonly when: "before" | "after";
}

/** Calls that a process can be killed between: what writes, runs a program, or talks to the daemon. */
export function isStep({ port, method }: HostCall): boolean {
	return (
		port === "tools" ||
		port === "multipathd" ||
		(port === "files" && (method === "replace" || method === "remove"))
	);
}

/** Runs something on a host whose call number `cut.step` never returns, as if the process were killed there. */
export async function runUntilCut(
	host: Host,
	cut: Cut,
	run: (host: Host) => Promise<unknown>,
): Promise<void> {
	let steps = 0;
	const killed = Promise.withResolvers<void>();
	const cutting = interceptedHost(host, async (call, go) => {
		if (!isStep(call)) return await go();
		steps++;
		if (steps > cut.step) throw new Error("a killed process went on");
		if (steps < cut.step) return await go();
		if (cut.when === "after") await Promise.resolve(go()).catch(() => undefined);
		killed.resolve();
		return await new Promise(() => undefined);
	});
	await Promise.race([run(cutting).catch(() => undefined), killed.promise]);
}

/** How many steps something takes when nobody cuts it off. */
export async function stepsOf(host: Host, run: (host: Host) => Promise<unknown>): Promise<number> {
	let steps = 0;
	const counting = interceptedHost(host, (call, go) => {
		if (isStep(call)) steps++;
		return go();
	});
	await run(counting).catch(() => undefined);
	return steps;
}
