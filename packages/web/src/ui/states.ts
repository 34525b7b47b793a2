import { type LunState, type PathState, worstFirst } from "@pathkeeper/model";

/** A state that has a mark: of a LUN, or of a path. */
export type ShownState = LunState | PathState;

/** What a state means. */
export const meaning: Readonly<Record<LunState, string>> = {
	failed: "no path carries I/O",
	missing: "a node that should have it has no map",
	unknown: "its state now is not reported",
	degraded: "it carries I/O with less redundancy than it should have",
	optimal: "every expected path is usable",
	unmanaged: "a map that is not on the allow-list; never counted",
};

/** The state that was sent, or `unknown` for any other word. */
export function shownState(word: string): ShownState {
	return states.find((state) => state === word) ?? "unknown";
}

const states: readonly ShownState[] = [...worstFirst, "usable", "standby", "impaired", "gone"];
