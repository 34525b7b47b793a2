import type { PathRow, PathWay } from "../path-ways.ts";
import { sameWays } from "../same-facts.ts";

/** What can happen to a path. A change between usable and standby is what a controller switch does, and is no event. */
export type PathEvent = "failed" | "gone" | "impaired" | "restored" | "new";

export interface PathChange {
	readonly event: PathEvent;
	/** Place in the paths as they are known now. */
	readonly place: number;
}

/** The paths of a LUN on a node, as last known: one letter a way, gone ones included. */
export type KnownPaths = Pick<PathRow, "ways" | "states">;

/** Ways that are gone are remembered, so that who comes back is restored and not new; but not more than these. */
const mostGone = 32;

/**
 * What happened between two looks, and what is known after it. A path of which nothing is known now (its checker has
 * not decided yet, say) stays what it was until that is told; a way without a device is gone.
 */
export function pathChanges(before: KnownPaths, now: PathRow): PathChanges {
	if (before.ways.length === 0 && !now.states.includes("?")) {
		return { known: { ways: now.ways, states: now.states }, changes: [] };
	}
	return sameWays(before.ways, now.ways) ? changesInPlace(before, now) : changesOfWays(before, now);
}

/** What is known after a look, and what happened. */
export interface PathChanges {
	readonly known: KnownPaths;
	readonly changes: readonly PathChange[];
}

/** The same paths as before: the usual case, of which a storm has hundreds of thousands. */
function changesInPlace(before: KnownPaths, now: PathRow): PathChanges {
	if (before.states === now.states) return { known: before, changes: [] };
	const changes: PathChange[] = [];
	let states = "";
	for (let place = 0; place < now.states.length; place++) {
		const former = before.states[place] ?? "?";
		const letter = now.states[place] ?? "?";
		states += letter === "?" ? former : letter;
		const event = letter === "?" ? null : eventOf(former, letter);
		if (event !== null) changes.push({ event, place });
	}
	return { known: states === before.states ? before : { ways: before.ways, states }, changes };
}

function changesOfWays(before: KnownPaths, now: PathRow): PathChanges {
	const letters = new Map(before.ways.map(({ id }, at) => [id, before.states[at] ?? "?"]));
	const isFirst = before.ways.length === 0;
	const known: { readonly way: PathWay; readonly letter: string; readonly event: PathEvent | null }[] = [];
	for (const [at, way] of now.ways.entries()) {
		const former = letters.get(way.id);
		const letter = now.states[at] ?? "?";
		letters.delete(way.id);
		if (letter !== "?") known.push({ way, letter, event: isFirst ? null : eventOf(former, letter) });
		else if (former !== undefined) known.push({ way, letter: former, event: null });
	}
	const left = before.ways.filter(({ id }) => letters.has(id));
	for (const way of left.slice(-mostGone)) {
		known.push({ way, letter: "g", event: letters.get(way.id) === "g" ? null : "gone" });
	}
	known.sort((a, b) => (a.way.id < b.way.id ? -1 : a.way.id > b.way.id ? 1 : 0));
	const ways = known.map(({ way }) => way);
	return {
		known: {
			// The list that other LUNs share is kept wherever it says the same.
			ways: sameWays(ways, now.ways) ? now.ways : sameWays(ways, before.ways) ? before.ways : ways,
			states: known.map(({ letter }) => letter).join(""),
		},
		changes: known.flatMap(({ event }, place) => (event === null ? [] : [{ event, place }])),
	};
}

function eventOf(before: string | undefined, now: string): PathEvent | null {
	if (before === now) return null;
	if (now === "f") return "failed";
	if (now === "g") return before === undefined ? null : "gone";
	if (now === "i") return "impaired";
	if (before === undefined) return "new";
	return before === "u" || before === "s" ? null : "restored";
}
