import type { MultipathMap } from "../topology/map.ts";

/** `silent`: no daemon answered. `unreadable`: something answered that is not (or not wholly) a map listing. */
export type DaemonState = "ok" | "silent" | "unreadable";

/** What was understood of one answer of multipathd, live or saved to a file. */
export interface Reading {
	readonly daemon: DaemonState;
	/** What was wrong with the text, in words, in the order it was met. Empty for a clean answer. */
	readonly problems: readonly string[];
	/** Every map that was seen; one that the text breaks off in has `whole: false`. */
	readonly maps: readonly MultipathMap[];
}
