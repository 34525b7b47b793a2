/**
 * The health of a fleet: every LUN on every node, compared between the nodes. A pure function of the configuration
 * and of what the nodes report, so that server, command line and page give the same answer.
 *
 * The judgement of one map is `verdict/`; here is what only several nodes together tell: who should carry a LUN, how
 * many paths it should have, and whether the nodes see the same thing.
 */
import type { AllowedLun, FleetConfig } from "../config/fleet-config.ts";
import type { Queueing } from "../topology/map.ts";
import { expectedFromPeers } from "../verdict/expected-paths.ts";
import { fleetVerdict } from "../verdict/fleet-verdict.ts";
import type { Verdict } from "../verdict/lun-verdict.ts";
import type { LunState } from "../verdict/states.ts";
import { identityOf, sizeConflict } from "./lun-identity.ts";
import { highestSeen, type LunOnNode, neverSeen, onNode, portalsOf, unmanagedOnNode } from "./lun-on-node.ts";
import { kernelMapOf, mapsOf, type NodeView } from "./node-view.ts";

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

/** Every allowed LUN, in the order of the allow-list, then the maps that nobody allowed, by WWID. */
export function fleetStatus(
	config: FleetConfig,
	nodes: readonly NodeView[],
	options: FleetStatusOptions = { configDigest: null },
): LunStatus[] {
	const allowed = new Set(config.luns.map(({ wwid }) => wwid));
	const seen = nodes.flatMap(({ report }) => [...(report?.maps ?? []), ...(report?.kernelMaps ?? [])]);
	const others = new Set(seen.map(({ wwid }) => wwid).filter((wwid) => !allowed.has(wwid)));
	return [
		...config.luns.map((lun) => allowedStatus(lun, nodes, options)),
		...[...others].sort().map((wwid) => unmanagedStatus(wwid, nodes)),
	];
}

function allowedStatus(lun: AllowedLun, nodes: readonly NodeView[], options: FleetStatusOptions): LunStatus {
	const { wwid } = lun;
	const carriers = nodes.filter(({ node }) => lun.nodes === null || lun.nodes.includes(node));
	const expected = lun.expectedPaths ?? expectedFromPeers(carriers.map((view) => highestSeen(wwid, view)));
	const measure = {
		expected,
		portals: portalsOf(wwid, carriers),
		namesNodes: nodes.length > 1,
		configDigest: options.configDigest,
	};
	const absent = (lun.nodes ?? []).filter((name) => !nodes.some(({ node }) => node === name));
	const perNode: (readonly [string, LunOnNode])[] = [
		...carriers.map((view) => [view.node, onNode(wwid, view, measure)] as const),
		...absent.map((name) => [name, neverSeen(name, expected)] as const),
	];
	const strangers = nodes.filter((view) => !carriers.includes(view) && holds(wwid, view));
	return {
		...identityOf(wwid, nodes),
		alias: lun.alias,
		...overall(wwid, perNode, nodes),
		nodes: new Map([
			...perNode,
			...strangers.map((view) => [view.node, unmanagedOnNode(wwid, view)] as const),
		]),
	};
}

/** The verdict over all nodes. Nodes that see two sizes see two things: never optimal, whatever the paths say. */
function overall(
	wwid: string,
	perNode: readonly (readonly [string, LunOnNode])[],
	nodes: readonly NodeView[],
): Verdict {
	const { state, reasons } = fleetVerdict(
		perNode.map(([node, here]) => ({ node, verdict: { state: here.state, reasons: here.reasons } })),
	);
	const conflict = sizeConflict(wwid, nodes);
	if (conflict === null) return { state, reasons };
	return { state: state === "optimal" ? "degraded" : state, reasons: [conflict, ...reasons] };
}

function unmanagedStatus(wwid: string, nodes: readonly NodeView[]): LunStatus {
	const holders = nodes.filter((view) => holds(wwid, view));
	const names = holders.flatMap((view) =>
		[...mapsOf(wwid, view), kernelMapOf(wwid, view)].map((map) => map?.name),
	);
	const conflict = sizeConflict(wwid, nodes);
	return {
		...identityOf(wwid, nodes),
		alias: names.find((name) => name !== undefined && name !== "" && name !== wwid) ?? null,
		state: "unmanaged",
		reasons: ["not on the allow-list", ...(conflict === null ? [] : [conflict])],
		nodes: new Map(holders.map((view) => [view.node, unmanagedOnNode(wwid, view)] as const)),
	};
}

function holds(wwid: string, view: NodeView): boolean {
	return mapsOf(wwid, view).length > 0 || kernelMapOf(wwid, view) !== null;
}
