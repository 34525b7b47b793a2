import type { LunState } from "../../verdict/states.ts";
import type { LunStatus } from "../lun-status.ts";
import { countText, draft, type LogDraft, namesText, type Severity } from "./entry.ts";

/** What became of one LUN within a window. */
export interface LunChange {
	readonly status: LunStatus;
	/** Over all nodes; null: it was not known before. */
	readonly from: LunState | null;
	readonly to: LunState;
	/** Nodes where it changed. */
	readonly nodes: readonly { readonly node: string; readonly from: LunState | null; readonly to: LunState }[];
}

const severities: Readonly<Record<LunState, Severity>> = {
	optimal: "info",
	degraded: "warning",
	failed: "error",
	missing: "error",
	unknown: "warning",
	unmanaged: "info",
};

/** One entry for each state that LUNs came into, and for each that they came into on some nodes only. */
export function lunEntries(changes: readonly LunChange[], at: number): LogDraft[] {
	const whole = changes.filter(({ from, to }) => from !== to && !(from === null && to === "optimal"));
	const partly = changes.filter(({ from, to }) => from === to);
	const spots = partly.flatMap(({ status, nodes }) => nodes.map((change) => ({ status, ...change })));
	return [
		...[...Map.groupBy(whole, ({ from, to }) => `${from ?? ""} ${to}`).values()].map((same) =>
			wholeEntry(same, at),
		),
		...[
			...Map.groupBy(
				spots.filter(({ from, to }) => from !== null || to !== "optimal"),
				({ to }) => to,
			).values(),
		].map((same) => partEntry(same, at)),
	];
}

function wholeEntry(changes: readonly LunChange[], at: number): LogDraft {
	const [{ from, to } = { from: null, to: "unknown" as const }] = changes;
	const luns = changes.map(({ status }) => status);
	const nodes = [...new Set(changes.flatMap((change) => change.nodes.map(({ node }) => node)))].sort();
	const where = nodes.length === 0 ? "" : ` (${namesText(nodes, "nodes")})`;
	const before = from === null ? "" : `, before: ${from}`;
	return lunDraft(luns, nodes, to, `${whoText(luns)} ${to}${before}${where}`, at);
}

function partEntry(
	spots: readonly { readonly status: LunStatus; readonly node: string; readonly to: LunState }[],
	at: number,
): LogDraft {
	const luns = [...new Set(spots.map(({ status }) => status))];
	const nodes = [...new Set(spots.map(({ node }) => node))].sort();
	const to = spots[0]?.to ?? "unknown";
	const text = `${whoText(luns)} ${to} on ${namesText(nodes, "nodes")}`;
	return lunDraft(luns, nodes, to, text, at);
}

function lunDraft(
	luns: readonly LunStatus[],
	nodes: readonly string[],
	to: LunState,
	text: string,
	at: number,
): LogDraft {
	return draft(at, {
		kind: "lun",
		event: to,
		severity: severities[to],
		text,
		nodes,
		luns: luns.map(({ wwid }) => wwid),
		details:
			to === "optimal"
				? luns.length === 1
					? []
					: luns.map(lunTitle)
				: luns.map((lun) =>
						(luns.length === 1 ? [] : [lunTitle(lun)]).concat(lun.reasons.slice(0, 3)).join(": "),
					),
	});
}

function whoText(luns: readonly LunStatus[]): string {
	return luns.length === 1
		? `LUN ${namesText(luns.map(lunTitle), "")} is`
		: `${countText(luns.length, "LUN")} are`;
}

/** What people call a LUN. */
export function lunTitle({ alias, wwid }: Pick<LunStatus, "alias" | "wwid">): string {
	return alias ?? wwid;
}
