import {
	configuredPaths,
	type LunFacts,
	type LunOnNode,
	type LunState,
	type LunStatus,
	type NodeFacts,
	openFindings,
	visible,
	worstFirst,
} from "@pathkeeper/model";
import type { StoreSpace } from "@pathkeeper/store";
import type { FleetView } from "../fleet/live-fleet.ts";
import { exposition, type Family, type Sample } from "./exposition.ts";
import { roomFamilies } from "./room-metrics.ts";

export interface MetricsOptions {
	/** Every LUN on every node, too. */
	readonly full: boolean;
	/** Only this node; null: all. */
	readonly node: string | null;
}

/** More series than these are no help to anybody. */
const mostSeries = 200_000;

const stateCodes: Readonly<Record<LunState, number>> = {
	optimal: 0,
	degraded: 1,
	failed: 2,
	missing: 3,
	unknown: 4,
	unmanaged: 5,
};
const rule =
	"The worst node counts (failed, missing, unknown, degraded, optimal); one that is silent counts as unknown, or as what was last known there if that is worse. Where many LUNs are unknown at once, pathkeeper_node_online and pathkeeper_node_multipathd_running show the node that is the cause.";
const codesText = "0 optimal, 1 degraded, 2 failed, 3 missing, 4 unknown, 5 unmanaged";

/**
 * The fleet as metrics. What is not known gives no number of usable paths, and while the store cannot be read there
 * is nothing but that: no old state may look like a healthy one.
 */
export function metricsText(
	look: Pick<FleetView, "fleet" | "picture">,
	options: MetricsOptions,
	space: StoreSpace | null = null,
): string {
	const readable = look.picture.problem === null;
	const isReadable = gauge("pathkeeper_store_readable", "Whether the fleet can be read now.", [
		sample({}, readable ? 1 : 0),
	]);
	const store = [isReadable, ...roomFamilies(space)];
	if (!readable) return exposition(store, mostSeries);
	const luns = look.fleet.luns;
	const nodes = look.fleet.nodes.filter(({ node }) => options.node === null || node === options.node);
	const families = [...store, ...lunFamilies(luns), ...nodeFamilies(nodes, luns)];
	return exposition(options.full ? [...families, ...fullFamilies(nodes, luns)] : families, mostSeries);
}

function lunFamilies(luns: readonly LunStatus[]): Family[] {
	const allowed = luns.filter(({ state }) => state !== "unmanaged");
	const each = (value: (lun: LunStatus) => number) =>
		allowed.map((lun) => sample(lunLabels(lun), value(lun)));
	return [
		gauge(
			"pathkeeper_luns",
			`LUNs by state over all nodes. ${rule}`,
			worstFirst.map((state) => sample({ state }, luns.filter((lun) => lun.state === state).length)),
		),
		gauge(
			"pathkeeper_lun_state",
			`State of a LUN over all nodes: ${codesText}. ${rule}`,
			each(({ state }) => stateCodes[state]),
		),
		gauge(
			"pathkeeper_lun_nodes",
			"Nodes that should carry the LUN.",
			each((lun) => carriers(lun).length),
		),
		gauge(
			"pathkeeper_lun_nodes_unknown",
			"Nodes that should carry the LUN and of which nothing is known.",
			each((lun) => carriers(lun).filter(({ state }) => state === "unknown").length),
		),
		gauge(
			"pathkeeper_lun_paths_usable",
			"Usable paths of a LUN, over all nodes of which something is known.",
			each((lun) => sum(carriers(lun).map(usableOf))),
		),
		gauge(
			"pathkeeper_lun_paths_expected",
			"Paths that a LUN should have, over all nodes that should carry it.",
			each((lun) => sum(carriers(lun).map(({ expected }) => expected))),
		),
	];
}

function nodeFamilies(nodes: readonly NodeFacts[], luns: readonly LunStatus[]): Family[] {
	const each = (value: (node: NodeFacts) => number) =>
		nodes.map((facts) => sample({ node: facts.node }, value(facts)));
	const of = (facts: NodeFacts) => luns.flatMap(({ nodes: all }) => all.get(facts.node) ?? []);
	return [
		gauge("pathkeeper_node_online", "Whether the agent of a node gives a sign of life.", each(isOnline)),
		gauge(
			"pathkeeper_node_multipathd_running",
			"Whether multipathd answers; 0 where nothing is known.",
			each(({ online, head }) => (online && head?.multipathd.state === "running" ? 1 : 0)),
		),
		...reportFamilies(nodes),
		gauge(
			"pathkeeper_node_luns",
			"LUNs on a node by state.",
			nodes.flatMap((facts) => {
				const here = of(facts);
				return worstFirst.map((state) =>
					sample({ node: facts.node, state }, here.filter((lun) => lun.state === state).length),
				);
			}),
		),
		gauge(
			"pathkeeper_node_paths_usable",
			"Usable paths on a node, of LUNs of which something is known.",
			each((facts) => sum(of(facts).map(usableOf))),
		),
		gauge(
			"pathkeeper_node_paths_expected",
			"Paths that the LUNs of a node should have.",
			each((facts) => sum(of(facts).map(({ state, expected }) => (state === "unmanaged" ? 0 : expected)))),
		),
	];
}

/** What reports say beside LUNs; only of nodes whose agent is alive. */
function reportFamilies(nodes: readonly NodeFacts[]): Family[] {
	const reporting = nodes.filter(({ online, head }) => online && head !== null);
	return [
		gauge(
			"pathkeeper_node_settling",
			"Whether the maps of a node may still change, after a start or a reconfigure.",
			reporting.map(({ node, head }) => sample({ node }, head?.settling === true ? 1 : 0)),
		),
		gauge(
			"pathkeeper_node_apply_failed",
			"Whether a node could not apply the configuration.",
			reporting.map(({ node, head }) => sample({ node }, head?.applied.state === "failed" ? 1 : 0)),
		),
		gauge(
			"pathkeeper_node_findings",
			"Findings of a node by severity, without those that somebody acknowledged.",
			reporting.flatMap(({ node, head }) =>
				(["error", "warning", "info"] as const).map((severity) =>
					sample({ node, severity }, openFindings(head?.findings ?? [], severity)),
				),
			),
		),
		gauge(
			"pathkeeper_node_findings_acknowledged",
			"Findings of a node that somebody acknowledged; they are still there.",
			reporting.map(({ node, head }) =>
				sample({ node }, head?.findings.filter(({ acknowledged }) => acknowledged !== null).length ?? 0),
			),
		),
		gauge(
			"pathkeeper_node_report_timestamp_seconds",
			"When a node last reported a change, by its own clock.",
			reporting.map(({ node, head }) => sample({ node }, (head?.at ?? 0) / 1000)),
		),
		gauge(
			"pathkeeper_node_info",
			"Versions on a node.",
			reporting.map(({ node, head }) =>
				sample(
					{
						node,
						agent: visible(head?.agentVersion ?? ""),
						multipath_tools: visible(head?.multipathd.version ?? ""),
						simulated: head?.simulated === true ? "1" : "0",
					},
					1,
				),
			),
		),
	];
}

/** Each LUN on each node, and the map of each. */
function fullFamilies(nodes: readonly NodeFacts[], luns: readonly LunStatus[]): Family[] {
	const cells = nodes.flatMap((facts) =>
		luns.flatMap((lun) => {
			const here = lun.nodes.get(facts.node);
			return here === undefined ? [] : [{ facts, lun, here, seen: facts.luns.get(lun.wwid) ?? null }];
		}),
	);
	return [
		gauge(
			"pathkeeper_lun_on_node_state",
			`State of a LUN on a node: ${codesText}.`,
			cells.map(({ facts, lun, here }) =>
				sample({ node: facts.node, ...lunLabels(lun) }, stateCodes[here.state]),
			),
		),
		gauge(
			"pathkeeper_lun_on_node_paths_expected",
			"Paths that a LUN should have on a node.",
			cells.flatMap(({ facts, lun, here }) =>
				here.state === "unmanaged" ? [] : [sample({ node: facts.node, ...lunLabels(lun) }, here.expected)],
			),
		),
		...mapFamilies(cells),
	];
}

interface Cell {
	readonly facts: NodeFacts;
	readonly lun: LunStatus;
	readonly here: LunOnNode;
	/** Null: the node does not see it. */
	readonly seen: LunFacts | null;
}

/**
 * Names as those of node_exporter's collector dmmultipath (1.12, prometheus/node_exporter
 * pull 3581), with the node beside them; it counts a path as active that the kernel's device says runs, we one that
 * multipathd and device-mapper find fit for I/O or on standby, too. A path in any other state counts as failed.
 */
function mapFamilies(cells: readonly Cell[]): Family[] {
	const maps = cells.flatMap(({ facts, here, lun, seen }) =>
		facts.online && here.state !== "unknown" && seen?.map && seen.maps === 1
			? [{ labels: mapLabels(facts.node, lun, seen), map: seen.map, looks: seen.looks, lun }]
			: [],
	);
	const active = ({ counts }: (typeof maps)[number]["map"]) => counts.usable + counts.standby;
	return [
		gauge(
			"node_dmmultipath_device_info",
			"Non-numeric information about a DM-multipath device.",
			maps.map(({ labels, lun }) => sample({ ...labels, uuid: `mpath-${visible(lun.wwid, 128)}` }, 1)),
		),
		gauge(
			"node_dmmultipath_device_active",
			"Whether the multipath device-mapper device is active (1) or suspended (0).",
			maps.map(({ labels, map }) => sample(labels, map.suspended ? 0 : 1)),
		),
		gauge(
			"node_dmmultipath_device_size_bytes",
			"Size of the multipath device in bytes.",
			maps.flatMap(({ labels, looks }) => {
				const size = looks.map.size ?? looks.kernelSize;
				return size === null ? [] : [sample(labels, size)];
			}),
		),
		gauge(
			"node_dmmultipath_device_paths",
			"Number of paths for a multipath device.",
			maps.map(({ labels, map }) => sample(labels, configuredPaths(map))),
		),
		gauge(
			"node_dmmultipath_device_paths_active",
			"Number of paths that are fit for I/O or on standby.",
			maps.map(({ labels, map }) => sample(labels, active(map))),
		),
		gauge(
			"node_dmmultipath_device_paths_failed",
			"Number of paths in any other state.",
			maps.map(({ labels, map }) => sample(labels, configuredPaths(map) - active(map))),
		),
	];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
	return { name, help, samples };
}

function sample(labels: Sample["labels"], value: number): Sample {
	return { labels, value };
}

function lunLabels({ wwid, alias }: LunStatus): Sample["labels"] {
	return { wwid: visible(wwid, 128), alias: visible(alias ?? "", 64) };
}

function mapLabels(node: string, { wwid }: LunStatus, { name, kernel }: LunFacts): Sample["labels"] {
	return { node, device: visible(name ?? wwid, 128), sysfs_name: visible(kernel?.dm ?? "", 32) };
}

function carriers({ nodes }: LunStatus): LunOnNode[] {
	return [...nodes.values()].filter(({ state }) => state !== "unmanaged");
}

function usableOf({ state, usable }: LunOnNode): number {
	return state === "unknown" || state === "unmanaged" ? 0 : usable;
}

function isOnline({ online }: NodeFacts): 0 | 1 {
	return online ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
