import type { MultipathMap } from "../topology/map.ts";
import type { LunState } from "./states.ts";

/** A state and why, in words that name node, LUN and path. */
export interface Verdict {
	readonly state: LunState;
	readonly reasons: readonly string[];
}

/** What is asked of one LUN on one node. */
export interface LunQuestion {
	/** Null: the node has no map for the LUN. */
	readonly map: MultipathMap | null;
	/** How many paths there should be; null: as many as the map has configured. */
	readonly expectedPaths: number | null;
	/** Put in front of reasons when several nodes are told apart. */
	readonly node: string | null;
}
