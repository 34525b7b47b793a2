/** A process named so that a later one with the same number is not taken for it. */
import { readFileSync } from "node:fs";
import { isObject } from "../unknown-json.ts";

export interface ProcessIdentity {
	readonly pid: number;
	/** Field 22 of /proc/PID/stat: clock ticks from this machine's boot to the start of the process. */
	readonly startTicks: number;
}

/** The process that has this number now, undefined when none has (or only its zombie is left). */
export function identityOf(pid: number): ProcessIdentity | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The name in field 2 may hold blanks and parentheses; the fields after its last ")" are numbers and letters.
		const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return state === "Z" ? undefined : { pid, startTicks: Number(fields[18]) };
	} catch {
		return undefined;
	}
}

/** A process that was written down as JSON; undefined for anything else. */
export function identityFrom(value: unknown): ProcessIdentity | undefined {
	if (!isObject(value)) return undefined;
	const { pid, startTicks } = value;
	return typeof pid === "number" && typeof startTicks === "number" ? { pid, startTicks } : undefined;
}

export function isAlive(process: ProcessIdentity): boolean {
	return identityOf(process.pid)?.startTicks === process.startTicks;
}

/** Kills the process if it is still the same one. */
export function killProcess(process: ProcessIdentity, signal: NodeJS.Signals = "SIGKILL"): void {
	if (!isAlive(process)) return;
	try {
		globalThis.process.kill(process.pid, signal);
	} catch {
		// It ended in between.
	}
}
