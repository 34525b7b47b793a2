/** The state words of Pathkeeper. They are shown, stored in no file, and compared everywhere; add none lightly. */
export type PathState = "gone" | "failed" | "unknown" | "impaired" | "standby" | "usable";

/** State of a LUN on one node. `unmanaged`: a map nobody allowed; shown, never counted. */
export type LunState = "optimal" | "degraded" | "failed" | "missing" | "unknown" | "unmanaged";

/**
 * All states of a LUN, the most urgent first. This is the one order of states: over the nodes of a LUN, in lists and
 * sentences, in the log, and in exit codes.
 */
export const worstFirst = [
	"failed",
	"missing",
	"unknown",
	"degraded",
	"optimal",
	"unmanaged",
] as const satisfies readonly LunState[];

/** Place in `worstFirst`: the smaller, the more urgent. */
export function urgency(state: LunState): number {
	return worstFirst.indexOf(state);
}

/** The most urgent of some states; null where there are none but `unmanaged`, which never counts. */
export function worstOf(states: Iterable<LunState>): LunState | null {
	let worst: LunState | null = null;
	for (const state of states)
		if (state !== "unmanaged" && (worst === null || urgency(state) < urgency(worst))) worst = state;
	return worst;
}

/** True for a state that somebody has to look at. */
export function isTrouble(state: LunState): boolean {
	return state !== "optimal" && state !== "unmanaged";
}
