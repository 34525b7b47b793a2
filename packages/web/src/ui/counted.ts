/** Numbers and names as people count them. */
import { byName } from "./by-name.ts";
import { shown } from "./shown.ts";

/** `1 node`, `3 nodes`. */
export function counted(count: number, thing: string): string {
	return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** `n1`, `n1 and n2`, `n1, n2, n3 and 61 more nodes`; made safe to be shown. */
export function namesOf(names: readonly string[], more = "more nodes", max = 4): string {
	const sorted = names.toSorted(byName);
	const few = sorted.length > max ? sorted.slice(0, max - 1) : sorted;
	const left = names.length - few.length;
	const parts = [...few.map(shown), ...(left > 0 ? [`${left.toLocaleString("en")} ${more}`] : [])];
	const last = parts.at(-1) ?? "";
	return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
