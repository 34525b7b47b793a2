import type { LunState } from "../../verdict/states.ts";
import type { LunFacts } from "../lun-facts.ts";
import { holds, type LunStatus } from "../lun-status.ts";
import type { NodeFacts } from "../node-facts.ts";
import type { Flap } from "./flapping.ts";
import type { KnownPaths } from "./path-changes.ts";

/** A LUN on a node, as last known. */
export interface KnownLun extends KnownPaths {
	/** Null: its paths were seen and it was not judged yet. */
	readonly state: LunState | null;
	/** A place for each path that was restless lately; null: none was. */
	readonly flaps: readonly (Flap | null)[] | null;
}

/** A LUN of which nothing is known. */
export const noLun: KnownLun = { state: null, ways: [], states: "", flaps: null };

/** True when both say the same and neither has a restless path. */
export function sameKnown(a: KnownLun, b: KnownLun): boolean {
	return (
		a.state === b.state && a.states === b.states && a.ways === b.ways && a.flaps === null && b.flaps === null
	);
}

/** Whether what the node says of its LUNs can be believed now. */
export function isSeen({ online, head }: NodeFacts): boolean {
	return online && head !== null && head.multipathd.state === "running" && !head.settling;
}

/** The state of a LUN on a node, if it is one to tell: null while it may only not be known yet. */
export function stateToTell(status: LunStatus, node: NodeFacts | undefined): LunState | null {
	if (node === undefined || !isSeen(node)) return null;
	const state = status.nodes.get(node.node)?.state ?? "unmanaged";
	// Without any map, unknown means that the node is still to make it.
	const hasMap = holds(status.wwid, node);
	return state === "unmanaged" || (state === "unknown" && !hasMap) ? null : state;
}

/** True when any of the paths fails again and again. */
export function isRestless(flaps: KnownLun["flaps"]): boolean {
	return flaps?.some((flap) => flap !== null && flap.series !== null) ?? false;
}

/** True when a new state is what a restless path makes of a LUN: its series tells of it, until it is steady. */
export function isFolded({ state, flaps }: KnownLun, to: LunState): boolean {
	const isMild = (one: LunState | null) => one === "optimal" || one === "degraded";
	return isMild(state) && isMild(to) && isRestless(flaps);
}

/** Flaps of the paths as they stood, in the places of the paths as they stand. */
export function carriedFlaps(before: KnownLun, now: KnownPaths): (Flap | null)[] {
	if (before.flaps === null) return now.ways.map(() => null);
	const byWay = new Map(before.ways.map(({ id }, place) => [id, before.flaps?.[place] ?? null]));
	return now.ways.map(({ id }) => byWay.get(id) ?? null);
}

/** What a path is called on its node. */
export function devOf({ ways, devs }: LunFacts, id: string): string {
	const place = ways.findIndex((way) => way.id === id);
	return devs[place] || "without device";
}
