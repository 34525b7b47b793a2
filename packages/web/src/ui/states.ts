import { type LunState, type PathState, worstFirst } from "@pathkeeper/model";

/** `none`: nothing to do with it. */
export type Look = LunState | PathState;

/** What a state means, for people who see the word for the first time. */
export const meaning: Readonly<Record<LunState, string>> = {
	failed: "no path carries I/O",
	missing: "a node that should carry it has no map",
	unknown: "nobody can say how it is now",
	degraded: "it carries I/O with less redundancy than it should have",
	optimal: "every expected path is there and well",
	unmanaged: "a map that is not on the allow-list; never counted",
};

/** The word as it was sent, or `unknown` for one that nobody knows. */
export function lookOf(word: string): Look {
	return looks.find((look) => look === word) ?? "unknown";
}

const looks: readonly Look[] = [...worstFirst, "usable", "standby", "impaired", "gone"];
