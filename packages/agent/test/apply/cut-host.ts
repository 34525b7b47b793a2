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

/** True for a step that leaves host and files as they were: to be cut off before it or after it is the same. */
function isReading({ port, method }: HostCall): boolean {
	if (port === "files") return false;
	return !["addWwid", "reconfigure", "removeMap", "removeWwid"].includes(method);
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

/** Every place where something can be cut off, found by letting it run to its end. */
export async function cutsOf(host: Host, run: (host: Host) => Promise<unknown>): Promise<readonly Cut[]> {
	const cuts: Cut[] = [];
	let step = 0;
	const counting = interceptedHost(host, (call, go) => {
		if (isStep(call)) {
			step++;
			if (!isReading(call)) cuts.push({ step, when: "before" });
			cuts.push({ step, when: "after" });
		}
		return go();
	});
	await run(counting).catch(() => undefined);
	return cuts;
}
