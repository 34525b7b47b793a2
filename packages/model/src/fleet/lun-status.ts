import type { AllowedLun } from "../config/fleet-config.ts";
import type { Queueing } from "../topology/map.ts";
import { verdictOverNodes } from "../verdict/fleet-verdict.ts";
import type { Verdict } from "../verdict/lun-verdict.ts";
import { type LunState, worstOf } from "../verdict/states.ts";
import { identityOf, sizeConflict } from "./lun-identity.ts";
import {
	exampleOf,
	highestSeen,
	judgeOnNode,
	type LunOnNode,
	type Measure,
	neverSeen,
	portalsOf,
	unmanagedOnNode,
} from "./lun-on-node.ts";
import { lunOf, type NodeFacts } from "./node-facts.ts";

export interface LunStatus {
	readonly wwid: string;
	/** The alias; of a LUN that is not allowed, the name that its map has somewhere. Null: known by its WWID. */
	readonly alias: string | null;
	readonly sizeBytes: number | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly state: LunState;
	/** Why it is not optimal, worst node first. */
	readonly reasons: readonly string[];
	readonly queueing: Queueing;
	/** Who sees which size, where not all nodes see the same; null: they do. It is the first of the reasons, too. */
	readonly conflict: string | null;
	/** The nodes that should carry it, and those that hold a map of it all the same (`unmanaged`). */
	readonly nodes: ReadonlyMap<string, LunOnNode>;
}

export interface FleetStatusOptions {
	/**
	 * SHA-1 of the `multipath.cfg` that was judged. A node that applied another one cannot be blamed for a map that it
	 * does not have yet. Null: not compared.
	 */
	readonly configDigest: string | null;
}

/** A status and what its nodes were measured by, so that the next judgement need not begin anew. */
export interface JudgedLun {
	readonly status: LunStatus;
	readonly measure: Measure;
}

/** What was judged before, and the nodes of which anything that matters to this LUN changed since. */
export interface Former {
	readonly judged: JudgedLun;
	readonly changed: ReadonlySet<string>;
}

/** A LUN of the allow-list over all nodes. With `former`, only nodes that changed are judged again. */
export function judgeAllowed(
	lun: AllowedLun,
	nodes: readonly NodeFacts[],
	options: FleetStatusOptions,
	former: Former | null = null,
): JudgedLun {
	const { wwid } = lun;
	const seen = nodes.map((facts) => lunOf(facts, wwid));
	const isCarrier = carriedBy(lun, nodes);
	const carriers = isCarrier === null ? nodes : nodes.filter((_, at) => isCarrier[at]);
	const seenByCarriers = isCarrier === null ? seen : seen.filter((_, at) => isCarrier[at]);
	const expected = lun.expectedPaths ?? highestSeen(seenByCarriers);
	const measure: Measure = {
		expected,
		example: lun.expectedPaths === null ? exampleOf(carriers, seenByCarriers, expected) : null,
		portals: portalsOf(seenByCarriers),
		namesNodes: nodes.length > 1,
		configDigest: options.configDigest,
	};
	const keep = keptFrom(former, measure);
	const perNode = new Map<string, LunOnNode>();
	for (const [at, facts] of carriers.entries()) {
		const hasMap = (seenByCarriers[at]?.map ?? null) !== null;
		perNode.set(facts.node, keep(facts.node, hasMap) ?? judgeOnNode(wwid, facts, measure));
	}
	if (lun.nodes !== null) {
		const known = new Set(nodes.map(({ node }) => node));
		for (const name of lun.nodes) if (!known.has(name)) perNode.set(name, neverSeen(name, measure.expected));
	}
	const conflict = sizeConflict(nodes, seen);
	const verdict = overall(perNode, conflict);
	if (isCarrier !== null) {
		for (const [at, facts] of nodes.entries()) {
			if (!isCarrier[at] && holds(wwid, facts)) perNode.set(facts.node, unmanagedOnNode(wwid, facts));
		}
	}
	const status = { ...identityOf(wwid, nodes, seen), alias: lun.alias, ...verdict, conflict, nodes: perNode };
	return { status, measure };
}

/** Gives what was judged before of a node, where nothing of what it was judged by has changed. */
function keptFrom(
	former: Former | null,
	measure: Measure,
): (node: string, hasMap: boolean) => LunOnNode | undefined {
	if (former === null || !sameMeasure(former.judged.measure, measure)) return () => undefined;
	const { judged, changed } = former;
	const sameConfig = judged.measure.configDigest === measure.configDigest;
	return (node, hasMap) => {
		// Only where the map is missing does it matter which configuration the node applied.
		if (changed.has(node) || (!sameConfig && !hasMap)) return undefined;
		const here = judged.status.nodes.get(node);
		return here?.state === "unmanaged" ? undefined : here;
	};
}

/** A LUN that nobody allowed and of which nodes hold maps. */
export function judgeUnmanaged(wwid: string, nodes: readonly NodeFacts[]): LunStatus {
	const seen = nodes.map((facts) => lunOf(facts, wwid));
	const holders = nodes.filter((facts) => holds(wwid, facts));
	const conflict = sizeConflict(nodes, seen);
	return {
		...identityOf(wwid, nodes, seen),
		alias: holders.map(({ luns }) => luns.get(wwid)?.name ?? null).find((name) => name !== null) ?? null,
		state: "unmanaged",
		reasons: ["not on the allow-list", ...(conflict === null ? [] : [conflict])],
		conflict,
		nodes: new Map(holders.map((facts) => [facts.node, unmanagedOnNode(wwid, facts)] as const)),
	};
}

/** True where a node has a map of the LUN, in multipathd or in the kernel alone. */
export function holds(wwid: string, { luns }: NodeFacts): boolean {
	const lun = luns.get(wwid);
	return lun !== undefined && (lun.maps > 0 || lun.kernel !== null);
}

/** For each node whether it should carry the LUN; null: all should. */
function carriedBy({ nodes: wanted }: AllowedLun, nodes: readonly NodeFacts[]): readonly boolean[] | null {
	if (wanted === null) return null;
	const names = new Set(wanted);
	return nodes.map(({ node }) => names.has(node));
}

/** True where nodes of which nothing changed are judged the same by both, whatever the configuration they applied. */
export function sameMeasure(a: Measure, b: Measure): boolean {
	return (
		a.expected === b.expected &&
		a.example === b.example &&
		a.namesNodes === b.namesNodes &&
		(a.portals === b.portals || JSON.stringify(a.portals) === JSON.stringify(b.portals))
	);
}

/** The verdict over all nodes. Nodes that see two sizes see two things: never optimal, whatever the paths say. */
function overall(perNode: ReadonlyMap<string, LunOnNode>, conflict: string | null): Verdict {
	const { state, reasons } = verdictOverNodes(perNode);
	if (conflict === null) return { state, reasons };
	return { state: worstOf([state, "degraded"]) ?? state, reasons: [conflict, ...reasons] };
}
