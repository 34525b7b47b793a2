import type { AllowedLun } from "../config/fleet-config.ts";
import type { Queueing } from "../topology/map.ts";
import { expectedFromPeers } from "../verdict/expected-paths.ts";
import { fleetVerdict } from "../verdict/fleet-verdict.ts";
import type { Verdict } from "../verdict/lun-verdict.ts";
import type { LunState } from "../verdict/states.ts";
import { identityOf, sizeConflict } from "./lun-identity.ts";
import {
	highestSeen,
	type LunOnNode,
	type Measure,
	neverSeen,
	onNode,
	portalsOf,
	unmanagedOnNode,
} from "./lun-on-node.ts";
import type { NodeFacts } from "./node-facts.ts";

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
	const carries = carriedBy(lun);
	const carriers = nodes.filter(({ node }) => carries(node));
	const expected = lun.expectedPaths ?? expectedFromPeers(carriers.map((facts) => highestSeen(wwid, facts)));
	const measure: Measure = {
		expected,
		portals: portalsOf(wwid, carriers),
		namesNodes: nodes.length > 1,
		configDigest: options.configDigest,
	};
	const before = former !== null && sameMeasure(former.judged.measure, measure) ? former : null;
	const kept = (facts: NodeFacts): LunOnNode | undefined => {
		if (before === null || before.changed.has(facts.node)) return undefined;
		// Only where the map is missing does it matter which configuration the node applied.
		const sameConfig = before.judged.measure.configDigest === measure.configDigest;
		if (!sameConfig && (facts.luns.get(wwid)?.map ?? null) === null) return undefined;
		const here = before.judged.status.nodes.get(facts.node);
		return here?.state === "unmanaged" ? undefined : here;
	};
	const known = new Set(nodes.map(({ node }) => node));
	const absent = (lun.nodes ?? []).filter((name) => !known.has(name));
	const perNode: (readonly [string, LunOnNode])[] = [
		...carriers.map((facts) => [facts.node, kept(facts) ?? onNode(wwid, facts, measure)] as const),
		...absent.map((name) => [name, neverSeen(name, expected)] as const),
	];
	const strangers = nodes.filter((facts) => !carries(facts.node) && holds(wwid, facts));
	const status = {
		...identityOf(wwid, nodes),
		alias: lun.alias,
		...overall(wwid, perNode, nodes),
		nodes: new Map([
			...perNode,
			...strangers.map((facts) => [facts.node, unmanagedOnNode(wwid, facts)] as const),
		]),
	};
	return { status, measure };
}

/** A LUN that nobody allowed and of which nodes hold maps. */
export function judgeUnmanaged(wwid: string, nodes: readonly NodeFacts[]): LunStatus {
	const holders = nodes.filter((facts) => holds(wwid, facts));
	const conflict = sizeConflict(wwid, nodes);
	return {
		...identityOf(wwid, nodes),
		alias: holders.map(({ luns }) => luns.get(wwid)?.name ?? null).find((name) => name !== null) ?? null,
		state: "unmanaged",
		reasons: ["not on the allow-list", ...(conflict === null ? [] : [conflict])],
		nodes: new Map(holders.map((facts) => [facts.node, unmanagedOnNode(wwid, facts)] as const)),
	};
}

/** True where a node has a map of the LUN, in multipathd or in the kernel alone. */
export function holds(wwid: string, { luns }: NodeFacts): boolean {
	const lun = luns.get(wwid);
	return lun !== undefined && (lun.maps > 0 || lun.kernel !== null);
}

function carriedBy({ nodes }: AllowedLun): (node: string) => boolean {
	if (nodes === null) return () => true;
	const names = new Set(nodes);
	return (node) => names.has(node);
}

function sameMeasure(a: Measure, b: Measure): boolean {
	return (
		a.expected === b.expected &&
		a.namesNodes === b.namesNodes &&
		(a.portals === b.portals || JSON.stringify(a.portals) === JSON.stringify(b.portals))
	);
}

/** The verdict over all nodes. Nodes that see two sizes see two things: never optimal, whatever the paths say. */
function overall(
	wwid: string,
	perNode: readonly (readonly [string, LunOnNode])[],
	nodes: readonly NodeFacts[],
): Verdict {
	const { state, reasons } = fleetVerdict(
		perNode.map(([node, here]) => ({ node, verdict: { state: here.state, reasons: here.reasons } })),
	);
	const conflict = sizeConflict(wwid, nodes);
	if (conflict === null) return { state, reasons };
	return { state: state === "optimal" ? "degraded" : state, reasons: [conflict, ...reasons] };
}
