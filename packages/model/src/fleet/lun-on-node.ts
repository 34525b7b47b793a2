import { visible } from "../multipathd-output/visible.ts";
import type { AppliedConfig } from "../report.ts";
import { type MultipathMap, pathsOf } from "../topology/map.ts";
import { lunVerdict, type Verdict } from "../verdict/lun-verdict.ts";
import { pathState } from "../verdict/path-state.ts";
import { kernelMapOf, mapsOf, type NodeView } from "./node-view.ts";

export interface LunOnNode extends Verdict {
	/** Configured paths, whatever their state. */
	readonly paths: number;
	readonly usable: number;
	readonly expected: number;
}

/** What a node is measured by, from all nodes together. */
export interface Measure {
	/** Paths that it should have; null: nobody knows. */
	readonly expected: number | null;
	/** Portals through which any node reaches the LUN. */
	readonly portals: readonly string[];
	/** True when reasons name the node, because there are several. */
	readonly namesNodes: boolean;
	/** SHA-1 of the `multipath.cfg` that should be applied; null: not compared. */
	readonly configDigest: string | null;
}

/** A LUN on a node that should carry it. */
export function onNode(wwid: string, view: NodeView, measure: Measure): LunOnNode {
	const [map = null, ...further] = mapsOf(wwid, view);
	const counts = countsOf(map, measure.expected);
	const { node } = view;
	const unknown = (reason: string): LunOnNode => ({
		state: "unknown",
		reasons: [`${node}: ${reason}`],
		...counts,
	});
	const unseen = whyUnseen(wwid, view);
	if (unseen !== null) return unknown(unseen);
	if (further.length > 0)
		return unknown(`multipathd lists ${further.length + 1} maps of it: it cannot be judged`);
	const unwatched = whyUnwatched(wwid, map, view);
	if (unwatched !== null) return unknown(unwatched);
	if (map === null) {
		const soon = whyNotYet(view, measure.configDigest);
		if (soon !== null) return unknown(soon);
	}
	const { state, reasons } = lunVerdict({
		map,
		expectedPaths: measure.expected,
		portals: measure.portals,
		node: measure.namesNodes ? node : null,
	});
	return { state, reasons: [...reasons, ...asides(state, map, view)], ...counts };
}

/** A node that the LUN is meant for and that never joined the fleet: a name misspelt, or a host not set up yet. */
export function neverSeen(node: string, expected: number | null): LunOnNode {
	const reason = `${node}: the LUN is meant for it, and no agent of that name ever reported`;
	return { state: "unknown", reasons: [reason], ...countsOf(null, expected) };
}

/** A LUN on a node that holds a map of it and should not, or that nobody asked to. */
export function unmanagedOnNode(wwid: string, view: NodeView): LunOnNode {
	return { state: "unmanaged", reasons: [], ...countsOf(mapsOf(wwid, view)[0] ?? null, null) };
}

/**
 * How many paths the node proves that the LUN has: those of its map now, or as many as the map once had. A path whose
 * device vanished leaves no trace in the map, on all nodes alike when a whole fabric is gone; only who counted before
 * knows that it is missing. Null where the node proves nothing.
 */
export function highestSeen(wwid: string, view: NodeView): number | null {
	if (view.report === null || !view.online) return null;
	const configured = mapsOf(wwid, view).map((map) => (map.whole ? pathsOf(map).length : 0));
	const highest = Math.max(0, ...configured, view.report.highestPaths[wwid] ?? 0);
	return highest === 0 ? null : highest;
}

/** Portals through which any of the nodes has a path of the LUN. */
export function portalsOf(wwid: string, nodes: readonly NodeView[]): string[] {
	const maps = nodes.filter(({ online }) => online).flatMap((view) => mapsOf(wwid, view));
	const paths = maps.flatMap((map) => pathsOf(map));
	return [...new Set(paths.flatMap(({ path }) => path.transport?.portal ?? []))].sort();
}

/** Why nothing can be said of a node's maps, or null. */
function whyUnseen(wwid: string, view: NodeView): string | null {
	const { online, report, problem } = view;
	if (!online) return "no sign of life from its agent";
	if (report === null) return problem ?? "no report yet";
	const { state, problem: why } = report.multipathd;
	if (state === "running") return null;
	const kernel = kernelMapOf(wwid, view);
	const held =
		kernel === null
			? "the kernel holds no map of it"
			: `the kernel still holds its map ${visible(kernel.name, 128)} (${kernel.dm}) over ${kernel.slaves.length} paths, unwatched`;
	return `${why ?? `multipathd is ${state}`}; ${held}`;
}

/** A map that lives in the kernel alone still carries I/O, but nobody checks its paths or brings them back. */
function whyUnwatched(wwid: string, map: MultipathMap | null, view: NodeView): string | null {
	const kernel = kernelMapOf(wwid, view);
	if (kernel === null || view.report?.settling === true) return null;
	if (map === null) {
		return `the kernel holds its map ${visible(kernel.name, 128)} (${kernel.dm}) and multipathd does not know it: nobody watches its paths`;
	}
	if (pathsOf(map).length > 0 || kernel.slaves.length === 0) return null;
	return `multipathd has forgotten the paths of its map, which the kernel still uses (${kernel.slaves.join(", ")}): nobody watches them`;
}

/** Why a map may be missing now and there in a moment, or null. */
function whyNotYet({ report }: NodeView, configDigest: string | null): string | null {
	if (report === null) return null;
	if (report.settling) return "multipathd is settling and has no map of it yet";
	return report.applied.state !== "failed" && isBehind(report.applied, configDigest)
		? "the current configuration is not applied yet"
		: null;
}

function isBehind({ state, configDigest: applied }: AppliedConfig, configDigest: string | null): boolean {
	return state === "pending" || (configDigest !== null && applied !== configDigest);
}

/** What else explains a state that is not optimal. */
function asides(state: Verdict["state"], map: MultipathMap | null, { node, report }: NodeView): string[] {
	if (report === null || state === "optimal") return [];
	if (map !== null) {
		return report.settling ? [`${node}: multipathd is settling: this may still change`] : [];
	}
	const { state: applied, error } = report.applied;
	return applied === "failed"
		? [`${node}: the configuration is not applied: ${error ?? "it is not said why"}`]
		: [];
}

function countsOf(map: MultipathMap | null, expected: number | null) {
	const paths = map === null ? [] : pathsOf(map).map(({ path }) => path);
	const usable = paths.filter((path) => pathState(path) === "usable").length;
	return { paths: paths.length, usable, expected: expected ?? paths.length };
}
