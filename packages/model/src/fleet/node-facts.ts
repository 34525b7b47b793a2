import type { Report } from "../report.ts";
import { type JudgedFinding, judgedFindings } from "./acknowledgements.ts";
import type { FactPools } from "./fact-pools.ts";
import { factsOfReport, type LunFacts } from "./lun-facts.ts";
import type { NodeView } from "./node-view.ts";

/** A report without its devices: what it says of the node itself. */
export interface ReportHead
	extends Omit<Report, "maps" | "kernelMaps" | "candidates" | "highestPaths" | "findings"> {
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
	/** Where there is no report: the facts of the last one that the node wrote. History, never what is now. */
	readonly last: NodeFacts | null;
}

export function nodeFacts(view: NodeView, pools?: FactPools): NodeFacts {
	const { node, online, problem, report, last = null } = view;
	if (report === null) {
		const former =
			last === null ? null : nodeFacts({ node, online: true, problem: null, report: last }, pools);
		return { node, online, problem, head: null, luns: new Map(), usedLuns: [], last: former };
	}
	const usedLuns = report.kernelMaps.filter(({ users }) => users.length > 0).map(({ wwid }) => wwid);
	return {
		node,
		online,
		problem,
		head: headOf(report),
		luns: factsOfReport(report, pools),
		usedLuns,
		last: null,
	};
}

function headOf(report: Report): ReportHead {
	const { maps, kernelMaps, candidates, highestPaths, findings, ...head } = report;
	return { ...head, findings: judgedFindings(report.node, findings, []) };
}

/** True when the node judges its LUNs by the same circumstances: nothing but the LUNs themselves may differ. */
export function sameStanding(a: NodeFacts, b: NodeFacts): boolean {
	return a === b || JSON.stringify(standing(a)) === JSON.stringify(standing(b));
}

function standing({ online, problem, head }: NodeFacts) {
	if (head === null) return { online, problem };
	const { multipathd, settling, applied } = head;
	return {
		online,
		daemon: [multipathd.state, multipathd.problem],
		settling,
		applied: [applied.state, applied.configDigest, applied.error],
	};
}
