import type { DaemonPath } from "./state.ts";

/** When a path was last checked and for how long the checker then waits, with healthy paths asked ever more seldom. */
export interface Schedule {
	readonly lastCheck: number;
	readonly interval: number;
}

/**
 * Where the schedule of a path stands at a second: nothing is computed while nothing happens, so that thousands of
 * healthy paths cost nothing. The interval of a usable path doubles up to the maximum (checker loop of multipathd).
 */
export function scheduleAt(
	path: DaemonPath,
	second: number,
	limits: { least: number; most: number },
): Schedule {
	let { lastCheck, interval } = path;
	const good = path.checker === "ready" || path.checker === "ghost";
	while (lastCheck + interval < second) {
		lastCheck += interval;
		if (good) interval = Math.min(interval * 2, limits.most);
		if (interval === limits.most || !good) {
			const skipped = Math.floor((second - lastCheck - 1) / interval);
			if (skipped > 0) lastCheck += skipped * interval;
			break;
		}
	}
	return { lastCheck, interval };
}

/** `%C`: `XXXXX..... 4/8`. */
export function progressText(done: number, total: number): string {
	const marks = Math.floor((10 * done) / Math.max(1, total));
	return `${"X".repeat(marks).padEnd(10, ".")} ${done}/${total}`;
}
