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

/** `n1`, `n1 and n2`, `n1, n2, n3 and 61 more nodes`, as people count; made safe to be shown. */
export function namesOf(names: readonly string[], more = "more nodes", most = 4): string {
	const sorted = names.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
	const few = sorted.length > most ? sorted.slice(0, most - 1) : sorted;
	const left = names.length - few.length;
	const parts = [...few.map(shown), ...(left > 0 ? [`${left.toLocaleString("en")} ${more}`] : [])];
	const last = parts.at(-1) ?? "";
	return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
