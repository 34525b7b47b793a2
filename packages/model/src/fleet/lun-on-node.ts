import { visible } from "../multipathd-output/visible.ts";
import type { AppliedConfig } from "../report.ts";
import { expectedFromPeers } from "../verdict/expected-paths.ts";
import { countedState, type NodeVerdict } from "../verdict/fleet-verdict.ts";
import { type Verdict, verdictFrom } from "../verdict/lun-verdict.ts";
import { configuredPaths, type MapFacts } from "../verdict/map-facts.ts";
import type { KernelFacts } from "./lun-facts.ts";
import type { FactsOfNodes } from "./lun-identity.ts";
import type { NodeFacts, ReportHead } from "./node-facts.ts";
import { createPool } from "./pool.ts";
import { silenceOf, timeText } from "./silent-since.ts";

export interface LunOnNode extends NodeVerdict {
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
	/** A node that has as many paths as are expected now; null: none has, or nobody need be named. */
	readonly example: string | null;
	/** True when reasons name the node, because there are several. */
	readonly namesNodes: boolean;
	/** SHA-1 of the `multipath.cfg` that should be applied; null: not compared. */
	readonly configDigest: string | null;
}

/** A LUN on a node that should carry it. */
export function judgeOnNode(wwid: string, facts: NodeFacts, measure: Measure): LunOnNode {
	const { node, luns, head } = facts;
	if (head === null) return onSilentNode(wwid, facts, measure);
	const lun = luns.get(wwid);
	const map = lun?.map ?? null;
	const kernel = lun?.kernel ?? null;
	const counts = countsOf(map, measure.expected);
	const unknown = (reason: string): LunOnNode => ({
		state: "unknown",
		reasons: [`${node}: ${reason}`],
		...counts,
	});
	if (whyUnseen(kernel, head) !== null) return onSilentNode(wwid, facts, measure);
	if (lun !== undefined && lun.maps > 1)
		return unknown(`multipathd lists ${lun.maps} maps of it: its state cannot be determined`);
	const unwatched = whyUnwatched(map, kernel, head);
	if (unwatched !== null) return unknown(unwatched);
	if (map === null) {
		const soon = whyNotYet(head, measure.configDigest);
		if (soon !== null) {
			const hadMap = head.settling && (facts.last?.luns.get(wwid)?.map ?? null) !== null;
			return hadMap ? onSilentNode(wwid, facts, measure, soon) : unknown(soon);
		}
	}
	const { state, reasons } = verdictFrom({
		map,
		expectedPaths: measure.expected,
		portals: measure.portals,
		example: measure.example,
		node: measure.namesNodes ? node : null,
	});
	if (state === "optimal" && reasons.length === 0) return optimalWith(counts);
	return { state, reasons: [...reasons, ...asides(state, map, facts)], ...counts };
}

/** Healthy LUNs on nodes are all alike: a large fleet has a hundred thousand of them, and keeps few. */
function optimalWith({
	paths,
	usable,
	expected,
}: Pick<LunOnNode, "paths" | "usable" | "expected">): LunOnNode {
	const key = `${paths} ${usable} ${expected}`;
	return optimal(key, () => ({ state: "optimal", reasons: [], paths, usable, expected }));
}

const optimal = createPool<LunOnNode>(1000);

/** Reasons of before that are repeated; the rest are counted. */
const mostFormer = 4;

/** A LUN on a node that tells nothing of it now: unknown, with what was last known there. */
function onSilentNode(wwid: string, facts: NodeFacts, measure: Measure, reason?: string): LunOnNode {
	const { head, last } = facts;
	const why =
		reason ??
		(head === null ? whySilent(facts) : (whyUnseen(facts.luns.get(wwid)?.kernel ?? null, head) ?? ""));
	const counts = countsOf(null, measure.expected);
	const named = `${facts.node}: `;
	if (last === null) return { state: "unknown", reasons: [`${named}${why}`], ...counts };
	const former = judgeOnNode(wwid, last, { ...measure, example: null });
	const told = former.reasons.map((reason) =>
		reason.startsWith(named) ? reason.slice(named.length) : reason,
	);
	const more = told.length > mostFormer ? [`and ${told.length - mostFormer} more`] : [];
	const detail = told.length === 0 ? "" : `: ${[...told.slice(0, mostFormer), ...more].join("; ")}`;
	const when = head === null ? "then" : "when it last answered";
	const reasons = [`${named}${why}; ${former.state} ${when}${detail}`];
	return { state: "unknown", reasons, ...counts, last: countedState(former) };
}

/** That nothing is known of a node, and since when. */
function whySilent({ online, problem, silentSince }: NodeFacts): string {
	if (online) return problem ?? "no report yet";
	return silentSince === null ? silenceOf(null) : `not known since ${timeText(silentSince)}`;
}

/** A node that the LUN is meant for and that never joined the fleet: a name misspelt, or a host not set up yet. */
export function neverSeen(node: string, expected: number | null): LunOnNode {
	const reason = `${node}: the LUN is assigned to it, and no agent of that name has ever reported`;
	return { state: "unknown", reasons: [reason], ...countsOf(null, expected) };
}

/** A LUN on a node that holds a map of it and should not, or that nobody asked to. */
export function unmanagedOnNode(wwid: string, { luns }: NodeFacts): LunOnNode {
	return { state: "unmanaged", reasons: [], ...countsOf(luns.get(wwid)?.map ?? null, null) };
}

/** The first node whose map has as many paths as are expected: whoever has fewer is told to look there. */
export function exampleOf(
	nodes: readonly NodeFacts[],
	seen: FactsOfNodes,
	expected: number | null,
): string | null {
	if (expected === null || nodes.length < 2) return null;
	const has = (facts: NodeFacts, at: number) => {
		const map = seen[at]?.map ?? null;
		return facts.head !== null && map?.whole === true && configuredPaths(map) >= expected;
	};
	return nodes.find(has)?.node ?? null;
}

/**
 * How many paths the nodes prove that the LUN has: those of its map now, or as many as the map once had. A path whose
 * device vanished leaves no trace in the map, on all nodes alike when a whole fabric is gone; only who counted before
 * knows that it is missing. What a silent node proved still holds. Null where no node proves anything.
 */
export function highestSeen(seen: FactsOfNodes): number | null {
	return expectedFromPeers(seen.map((lun) => lun?.proven || null));
}

/** Portals through which any node has a path of the LUN, or had before it went silent, sorted. */
export function portalsOf(seen: FactsOfNodes): readonly string[] {
	const lists: (readonly string[])[] = [];
	for (const lun of seen) {
		const portals = lun?.looks.portals;
		if (portals !== undefined && portals !== lists.at(-1)) lists.push(portals);
	}
	const [only] = lists;
	if (lists.length === 1 && only !== undefined) return only;
	return [...new Set(lists.flat())].sort();
}

/** Why nothing can be said of a node's maps, or null. */
function whyUnseen(kernel: KernelFacts | null, { multipathd }: ReportHead): string | null {
	const { state, problem: why } = multipathd;
	if (state === "running") return null;
	const held =
		kernel === null
			? "the kernel holds no map of it"
			: `the kernel still holds its map ${visible(kernel.name, 128)} (${kernel.dm}) over ${kernel.slaveCount} paths, unwatched`;
	return `${why ?? `multipathd is ${state}`}; ${held}`;
}

/** A map that lives in the kernel alone still carries I/O, but nobody checks its paths or brings them back. */
function whyUnwatched(map: MapFacts | null, kernel: KernelFacts | null, head: ReportHead): string | null {
	if (kernel === null || head.settling) return null;
	if (map === null) {
		return `the kernel holds its map ${visible(kernel.name, 128)} (${kernel.dm}) and multipathd does not know it: nobody watches its paths`;
	}
	if (configuredPaths(map) > 0 || kernel.slaveCount === 0) return null;
	return `multipathd has forgotten the paths of its map, which the kernel still uses (${kernel.slaves.join(", ")}): nobody watches them`;
}

/** Why a map may be missing now and there in a moment, or null. */
function whyNotYet(head: ReportHead, configDigest: string | null): string | null {
	if (head.settling) return "multipathd is settling and has no map of it yet";
	return head.applied.state !== "failed" && isBehind(head.applied, configDigest)
		? "the current configuration is not applied yet"
		: null;
}

function isBehind({ state, configDigest: applied }: AppliedConfig, configDigest: string | null): boolean {
	return state === "pending" || (configDigest !== null && applied !== configDigest);
}

/** What else explains a state that is not optimal. */
function asides(state: Verdict["state"], map: MapFacts | null, { node, head }: NodeFacts): string[] {
	if (head === null || state === "optimal") return [];
	if (map !== null) {
		return head.settling ? [`${node}: multipathd is settling: this may still change`] : [];
	}
	const { state: applied, error } = head.applied;
	return applied === "failed"
		? [`${node}: the configuration is not applied: ${error ?? "no reason given"}`]
		: [];
}

function countsOf(map: MapFacts | null, expected: number | null) {
	const paths = map === null ? 0 : configuredPaths(map);
	return { paths, usable: map?.counts.usable ?? 0, expected: expected ?? paths };
}
