/**
 * The health of a fleet: every LUN on every node, compared between the nodes. A pure function of the configuration
 * and of what the nodes report, so that server, command line and page give the same answer.
 */
import type { AllowedLun, FleetConfig } from "../config/fleet-config.ts";
import type { Report } from "../report.ts";
import { type MultipathMap, pathsOf, type Queueing } from "../topology/map.ts";
import { expectedFromPeers } from "../verdict/expected-paths.ts";
import { fleetVerdict } from "../verdict/fleet-verdict.ts";
import { lunVerdict, type Verdict } from "../verdict/lun-verdict.ts";
import { pathState } from "../verdict/path-state.ts";
import type { LunState } from "../verdict/states.ts";

/** What is known of a node now. */
export interface NodeView {
	readonly node: string;
	/** False: its agent gives no sign of life. */
	readonly online: boolean;
	/** Null: it never reported, its report is gone with its lease, or cannot be read. */
	readonly report: Report | null;
	/** Why there is no report, in words; null when there is one. */
	readonly problem: string | null;
}

export interface LunStatus {
	readonly wwid: string;
	readonly alias: string | null;
	readonly sizeBytes: number | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly state: LunState;
	readonly reasons: readonly string[];
	readonly queueing: Queueing;
	readonly nodes: ReadonlyMap<string, LunOnNode>;
}

export interface LunOnNode extends Verdict {
	/** Configured paths, whatever their state. */
	readonly paths: number;
	readonly usable: number;
	readonly expected: number;
}

/** Every allowed LUN, in the order of the allow-list, then the maps that nobody allowed. */
export function fleetStatus(config: FleetConfig, nodes: readonly NodeView[]): LunStatus[] {
	const allowed = new Set(config.luns.map(({ wwid }) => wwid));
	const maps = nodes.flatMap(({ report }) => report?.maps ?? []);
	const kernel = nodes.flatMap(({ report }) => report?.kernelMaps ?? []);
	const others = new Set([...maps, ...kernel].map(({ wwid }) => wwid).filter((wwid) => !allowed.has(wwid)));
	return [
		...config.luns.map((lun) => allowedStatus(lun, nodes)),
		...[...others].sort().map((wwid) => unmanagedStatus(wwid, nodes)),
	];
}

function allowedStatus(lun: AllowedLun, nodes: readonly NodeView[]): LunStatus {
	const carriers = nodes.filter(({ node }) => lun.nodes === null || lun.nodes.includes(node));
	const expected =
		lun.expectedPaths ?? expectedFromPeers(carriers.map((view) => highestSeen(lun.wwid, view)));
	const portals = portalsOf(lun.wwid, carriers);
	const perNode = carriers.map((view) => {
		const node = nodes.length > 1 ? view.node : null;
		return [view.node, onNode(lun, view, { expected, portals, node })] as const;
	});
	const strangers = nodes.filter((view) => !carriers.includes(view) && mapOf(lun.wwid, view) !== null);
	const verdict = fleetVerdict(
		perNode.map(([node, { state, reasons }]) => ({ node, verdict: { state, reasons } })),
	);
	return {
		...identity(lun.wwid, nodes),
		alias: lun.alias,
		...verdict,
		nodes: new Map([...perNode, ...strangers.map((view) => [view.node, unmanaged(lun.wwid, view)] as const)]),
	};
}

/** What a node is measured by, from all nodes together. */
interface Measure {
	readonly expected: number | null;
	readonly portals: readonly string[];
	/** Named in reasons; null when there is only one. */
	readonly node: string | null;
}

function onNode(lun: AllowedLun, view: NodeView, { expected, portals, node }: Measure): LunOnNode {
	const map = mapOf(lun.wwid, view);
	const counts = countsOf(map, expected);
	const unseen = whyUnseen(view);
	if (unseen !== null) return { state: "unknown", reasons: [unseen], ...counts };
	if (map === null && view.report?.settling === true) {
		return { state: "unknown", reasons: [`${view.node}: multipathd is still settling`], ...counts };
	}
	const verdict = lunVerdict({ map, expectedPaths: expected, portals, node });
	return { ...verdict, reasons: [...verdict.reasons, ...notApplied(map, view)], ...counts };
}

/** Why nothing can be said of a node's maps, or null. */
function whyUnseen({ node, online, report, problem }: NodeView): string | null {
	if (!online) return `${node}: no sign of life from its agent`;
	if (report === null) return `${node}: ${problem ?? "no report yet"}`;
	if (report.multipathd.state === "running") return null;
	return `${node}: ${report.multipathd.problem ?? `multipathd is ${report.multipathd.state}`}; the kernel holds ${report.kernelMaps.length} maps`;
}

function notApplied(map: MultipathMap | null, { node, report }: NodeView): string[] {
	if (map !== null || report === null) return [];
	const { state, error } = report.applied;
	if (state === "failed")
		return [`${node}: the configuration is not applied: ${error ?? "it is not said why"}`];
	return state === "pending" ? [`${node}: the configuration is not applied yet`] : [];
}

function unmanagedStatus(wwid: string, nodes: readonly NodeView[]): LunStatus {
	const holders = nodes.filter(({ report }) =>
		[...(report?.maps ?? []), ...(report?.kernelMaps ?? [])].some((map) => map.wwid === wwid),
	);
	const name = holders
		.map((view) => mapOf(wwid, view)?.name)
		.find((text) => text !== undefined && text !== wwid);
	return {
		...identity(wwid, nodes),
		alias: name ?? null,
		state: "unmanaged",
		reasons: ["not on the allow-list"],
		nodes: new Map(holders.map((view) => [view.node, unmanaged(wwid, view)] as const)),
	};
}

function unmanaged(wwid: string, view: NodeView): LunOnNode {
	return { state: "unmanaged", reasons: [], ...countsOf(mapOf(wwid, view), null) };
}

/** What the LUN is, by whichever node tells most. */
function identity(wwid: string, nodes: readonly NodeView[]) {
	const maps = nodes.flatMap((view) => mapOf(wwid, view) ?? []);
	const kernel = nodes.flatMap(({ report }) => report?.kernelMaps.filter((map) => map.wwid === wwid) ?? []);
	const candidates = nodes.flatMap(
		({ report }) => report?.candidates.filter((disk) => disk.wwid === wwid) ?? [],
	);
	const sizes = [...maps, ...kernel, ...candidates].map(({ sizeBytes }) => sizeBytes);
	return {
		wwid,
		sizeBytes: sizes.find((size) => size !== null) ?? null,
		vendor: [...maps, ...candidates].map(({ vendor }) => vendor).find((text) => text !== null) ?? null,
		product: [...maps, ...candidates].map(({ product }) => product).find((text) => text !== null) ?? null,
		queueing: maps.map(({ queueing }) => queueing).find((queueing) => queueing !== null) ?? null,
	};
}

function countsOf(map: MultipathMap | null, expected: number | null) {
	const paths = map === null ? [] : pathsOf(map).map(({ path }) => path);
	const usable = paths.filter((path) => pathState(path) === "usable").length;
	return { paths: paths.length, usable, expected: expected ?? paths.length };
}

function mapOf(wwid: string, { report }: NodeView): MultipathMap | null {
	return report?.maps.find((map) => map.wwid === wwid) ?? null;
}

/** Portals through which any node has a path of the LUN. */
function portalsOf(wwid: string, nodes: readonly NodeView[]): string[] {
	const paths = nodes.flatMap((view) => {
		const map = mapOf(wwid, view);
		return map === null ? [] : pathsOf(map).map(({ path }) => path);
	});
	return [...new Set(paths.flatMap(({ transport }) => transport?.portal ?? []))].sort();
}

function highestSeen(wwid: string, view: NodeView): number | null {
	if (view.report === null || !view.online) return null;
	const map = mapOf(wwid, view);
	return Math.max(map === null ? 0 : pathsOf(map).length, view.report.highestPaths[wwid] ?? 0);
}
