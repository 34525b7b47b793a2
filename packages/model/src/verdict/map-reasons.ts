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

/** What becomes of I/O now that no path carries any. */
export function whatIoDoes({ queueing, queuesUntold }: MapFacts): string {
	if (queueing === "forever") return "I/O queues forever, until a path returns";
	if (queueing === "off") return "I/O errors at once";
	if (queueing !== null) return `I/O queues for about ${queueing.seconds} s, then errors`;
	return queuesUntold
		? "I/O queues for a time not shown here"
		: "whether I/O queues or errors is not shown here";
}

/** For a map whose source shows that it queues and not how long. */
export function queueingHint({ queuesUntold }: MapFacts): string[] {
	return queuesUntold ? ["without any path I/O queues for a time not shown here"] : [];
}
