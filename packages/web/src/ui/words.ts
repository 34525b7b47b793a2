import { type Queueing, visible } from "@pathkeeper/model";

/** `1 node`, `3 nodes`. */
export function counted(count: number, thing: string): string {
	return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** A text that a target or a stranger chose, with nothing in it that hides or turns round what stands beside it. */
export function shown(text: string): string {
	return visible(text, 4000);
}

/** What becomes of I/O when no path is left. */
export function queueingText(queueing: Queueing): string {
	if (queueing === null) return "not known";
	if (queueing === "off") return "off: I/O errors at once";
	return queueing === "forever"
		? "forever, until a path returns"
		: `for about ${queueing.seconds} s, then errors`;
}

export function nameOf({ alias, wwid }: { readonly alias: string | null; readonly wwid: string }): string {
	return shown(alias ?? wwid);
}
