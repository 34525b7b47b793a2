import { readFileSync } from "node:fs";

/** What a process and its ended children used so far, and what memory it has now (proc(5)). */
export interface Usage {
	/** Milliseconds of processor time of its own. */
	readonly ownMs: number;
	/** Milliseconds of processor time of its children that have ended. */
	readonly childrenMs: number;
	readonly residentMb: number;
	/** Of that what is not a mapped file. */
	readonly anonymousMb: number;
}

/** The kernel counts in hundredths of a second (USER_HZ). */
const tickMs = 10;

export function usageOf(pid: number | "self"): Usage {
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	// The second field is the program's name in brackets, which may hold blanks.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
	return {
		ownMs: (user + system) * tickMs,
		childrenMs: (childUser + childSystem) * tickMs,
		residentMb: kb("VmRSS") / 1024,
		anonymousMb: kb("RssAnon") / 1024,
	};
}
