import type { MapAnswer } from "../api/answers.ts";

/** A LUN's map on a node, as far as it could be asked for. */
export interface LunMap {
	readonly node: string;
	/** Null: the node has none, or it is not known. */
	readonly map: MapAnswer | null;
	readonly error: unknown;
	readonly isPending: boolean;
}
