import type { MapFacts } from "./map-facts.ts";

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
