import type { Report } from "../report.ts";
import { type Acknowledgement, type JudgedFinding, judgedFindings } from "./acknowledgements.ts";
import type { FactPools } from "./fact-pools.ts";
import type { LunFacts } from "./lun-facts.ts";
import type { NodeView } from "./node-view.ts";
import { factsOfReport } from "./report-lun-facts.ts";

/** A report without its devices: what it says of the node itself. */
export interface ReportHead
	extends Omit<Report, "maps" | "lastMaps" | "kernelMaps" | "candidates" | "highestPaths" | "findings"> {
	readonly findings: readonly JudgedFinding[];
}

/** What is known of a node now, boiled down to what verdicts need. */
export interface NodeFacts {
	readonly node: string;
	readonly online: boolean;
	/** Why there is no report, in words; null when there is one. */
	readonly problem: string | null;
	/** Null: no report. */
	readonly head: ReportHead | null;
	/** By WWID. */
	readonly luns: ReadonlyMap<string, LunFacts>;
	/** WWIDs of the maps that something on the node uses. */
	readonly usedLuns: readonly string[];
	/**
	 * Where there is no report: the facts of the last one that the node wrote; where multipathd does not answer or
	 * settles: those of when it last answered in calm. History, never what is now.
	 */
	readonly last: NodeFacts | null;
	/** Since when it is silent, milliseconds since the epoch; null: it is not, or nobody noted it yet. */
	readonly silentSince: number | null;
}

export function nodeFacts(view: NodeView, pools?: FactPools): NodeFacts {
	const { node, online, problem, silentSince = null } = view;
	const report = online ? view.report : null;
	if (report === null) {
		const former = view.last ?? view.report;
		const last =
			former === null ? null : nodeFacts({ node, online: true, problem: null, report: former }, pools);
		return { node, online, problem, head: null, luns: new Map(), usedLuns: [], last, silentSince };
	}
	const usedLuns = report.kernelMaps.filter(({ users }) => users.length > 0).map(({ wwid }) => wwid);
	return {
		node,
		online,
		problem,
		head: headOf(report),
		luns: factsOfReport(report, pools),
		usedLuns,
		last: beforeSilence(report, pools),
		silentSince: null,
	};
}

/** The facts of when multipathd last answered in calm, where it does not now. */
function beforeSilence(report: Report, pools: FactPools | undefined): NodeFacts | null {
	const { node, multipathd, settling, lastMaps, ...rest } = report;
	if ((multipathd.state === "running" && !settling) || lastMaps === undefined) return null;
	const running = { ...multipathd, state: "running" as const, problem: null };
	const before: Report = { ...rest, node, multipathd: running, settling: false, maps: lastMaps };
	return nodeFacts({ node, online: true, problem: null, report: before }, pools);
}

/** What a node tells of a LUN, or, where it is silent, told last; undefined: nothing. */
export function lunOf({ luns, last }: NodeFacts, wwid: string): LunFacts | undefined {
	return luns.get(wwid) ?? last?.luns.get(wwid);
}

/** A node with the acknowledgements that hold now; itself when they change nothing. */
export function withAcknowledgements(
	facts: NodeFacts,
	acknowledgements: readonly Acknowledgement[],
): NodeFacts {
	const { node, head } = facts;
	if (head === null) return facts;
	const findings = judgedFindings(node, head.findings, acknowledgements);
	const isSame = findings.every(({ acknowledged }, at) => {
		const before = head.findings[at]?.acknowledged ?? null;
		return before === null || acknowledged === null
			? before === acknowledged
			: before.by === acknowledged.by && before.at === acknowledged.at;
	});
	return isSame ? facts : { ...facts, head: { ...head, findings } };
}

function headOf(report: Report): ReportHead {
	const { maps, lastMaps, kernelMaps, candidates, highestPaths, findings, ...head } = report;
	return { ...head, findings: judgedFindings(report.node, findings, []) };
}

/** True when the node judges its LUNs by the same circumstances: nothing but the LUNs themselves may differ. */
export function sameStanding(a: NodeFacts, b: NodeFacts): boolean {
	if (a === b) return true;
	return a.last === b.last && JSON.stringify(standing(a)) === JSON.stringify(standing(b));
}

function standing({ online, problem, head, silentSince }: NodeFacts) {
	if (head === null) return { online, problem, silentSince };
	const { multipathd, settling, applied } = head;
	return {
		online,
		daemon: [multipathd.state, multipathd.problem],
		settling,
		applied: [applied.state, applied.configDigest, applied.error],
	};
}
