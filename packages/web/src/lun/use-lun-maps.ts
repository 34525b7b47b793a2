import { useQueries } from "@tanstack/react-query";
import { type MapAnswer, mapQuery } from "../api/queries.ts";

/** A LUN's map on a node, as far as it could be asked for. */
export interface LunMap {
	readonly node: string;
	/** Null: the node has none, or it is not known. */
	readonly map: MapAnswer | null;
	readonly error: unknown;
	readonly isPending: boolean;
}

/** So many nodes are asked for their paths; more would be no picture. */
export const mostPictured = 8;

export function useLunMaps(wwid: string, nodes: readonly string[]): readonly LunMap[] {
	const asked = nodes.slice(0, mostPictured);
	const answers = useQueries({
		queries: asked.map((node) => ({
			...mapQuery(node, wwid),
			refetchInterval: nodes.length > mostPictured ? 30_000 : 5000,
		})),
	});
	return answers.map(({ data, error, isPending }, at) => ({
		node: asked[at] ?? "",
		map: error === null ? (data?.[0] ?? null) : null,
		error,
		isPending,
	}));
}
