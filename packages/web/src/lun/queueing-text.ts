import type { Queueing } from "@pathkeeper/model";

/** What happens to I/O when no path is left. */
export function queueingText(queueing: Queueing): string {
	if (queueing === null) return "unknown";
	if (queueing === "off") return "off: I/O fails at once";
	return queueing === "forever"
		? "forever, until a path returns"
		: `for about ${queueing.seconds} s, then it fails`;
}
