import { readFileSync } from "node:fs";

/**
 * True for a process that works or waits for a processor, and for one that has ended and whose end we have not heard of
 * yet; false for one that sleeps, whatever it waits for. The kernel answers this from memory (proc(5), field 3 of stat).
 */
export function isRunnable(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The name in field 2 may hold blanks and parentheses.
		return /^[RZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
	} catch {
		return false;
	}
}
