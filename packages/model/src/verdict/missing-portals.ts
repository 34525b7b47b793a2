import { visible } from "../multipathd-output/visible.ts";
import type { MapFacts } from "./map-facts.ts";

/** Portals that other nodes use and no path of this map stands for. */
export function missingPortals({ portals: present }: MapFacts, portals: readonly string[]): string[] {
	// Where the map's own portals were not looked up, nothing can be said to be missing.
	if (present === null) return [];
	return portals
		.filter((portal) => !present.includes(portal))
		.map((portal) => `no path through ${visible(portal)}`);
}
