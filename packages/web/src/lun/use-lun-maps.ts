import { useQueries } from "@tanstack/react-query";
import { mapQuery } from "../api/queries.ts";
import type { LunMap } from "./lun-map.ts";

/** Every node is asked, a few at a time; large fleets less often. */
function everyMs(nodes: number): number {
	if (nodes <= 8) return 5000;
	return nodes <= 32 ? 30_000 : 120_000;
}

/** The LUN's map on each of the nodes. */
export function useLunMaps(wwid: string, nodes: readonly string[]): readonly LunMap[] {
	const answers = useQueries({
		queries: nodes.map((node) => ({ ...mapQuery(node, wwid), refetchInterval: everyMs(nodes.length) })),
	});
	return answers.map(({ data, error, isPending }, at) => ({
		node: nodes[at] ?? "",
		map: error === null ? (data?.[0] ?? null) : null,
		error,
		isPending,
	}));
}
