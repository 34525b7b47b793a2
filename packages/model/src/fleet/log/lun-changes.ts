import { type LunState, worstFirst, worstOf } from "../../verdict/states.ts";
import type { LunStatus } from "../lun-status.ts";
import { countText, draft, type LogDraft, namesText, type Severity } from "./entry.ts";

/** What became of one LUN within a window. */
export interface LunChange {
	readonly status: LunStatus;
	/** Over all nodes; null: it was not known before. */
	readonly from: LunState | null;
	readonly to: LunState;
	/** Nodes where it changed; `from` is null where the node told its state for the first time. */
	readonly nodes: readonly NodeLunChange[];
	/** Nodes that have it in the state `to` themselves, whether since now or before. */
	readonly holders: readonly string[];
}

/** What became of a LUN on one node. */
export interface NodeLunChange {
	readonly node: string;
	readonly from: LunState | null;
	readonly to: LunState;
}

interface Spot extends NodeLunChange {
	readonly status: LunStatus;
}

const severities: Readonly<Record<LunState, Severity>> = {
	optimal: "info",
	degraded: "warning",
	failed: "error",
	missing: "error",
	unknown: "warning",
	unmanaged: "info",
};

/**
 * One entry for each state that LUNs came into, and for each that they came into on some nodes only. Every node is
 * named with the state that it has itself. `isFirstLook`: nothing was known before, so that nothing is said of when a
 * state began.
 */
export function lunEntries(
	changes: readonly LunChange[],
	at: number,
	{ isFirstLook }: { readonly isFirstLook: boolean },
): LogDraft[] {
	const whole = changes.filter(({ from, to }) => from !== to && !(from === null && to === "optimal"));
	const partly = changes.filter(({ from, to }) => from === to);
	const spots = partly.flatMap(({ status, nodes }) => nodes.map((change) => ({ status, ...change })));
	const told = spots.filter(({ from, to }) => from !== null || to !== "optimal");
	const moment = { at, isFirstLook };
	return [
		...groups(whole, (change) => `${change.from ?? ""} ${change.to} ${wasFound(change)}`).map((same) =>
			wholeEntry(same, moment),
		),
		...groups(told, ({ from, to }) => `${to} ${from === null}`).map((same) => partEntry(same, moment)),
	];
}

interface Moment {
	readonly at: number;
	readonly isFirstLook: boolean;
}

function groups<T>(items: readonly T[], key: (item: T) => string): T[][] {
	return [...Map.groupBy(items, key).values()];
}

/** True when the state was there at the first look at the LUN, or at the nodes that have it: nobody saw it begin. */
function wasFound({ from, to, nodes }: LunChange): boolean {
	const cause = nodes.filter((change) => change.to === to);
	return from === null || (cause.length > 0 && cause.every((change) => change.from === null));
}

function wholeEntry(changes: readonly LunChange[], { at, isFirstLook }: Moment): LogDraft {
	const [first] = changes;
	const { from, to } = first ?? { from: null, to: "unknown" as const };
	const luns = changes.map(({ status }) => status);
	const changed = changes.flatMap(({ nodes }) => nodes);
	const holders = changes.flatMap((change) => change.holders);
	const nodes = names([...(to === "optimal" ? [] : holders), ...changed.map(({ node }) => node)]);
	const isFound = first !== undefined && wasFound(first);
	const text = [
		`${whoText(luns, isFound)} ${to}`,
		...(to === "optimal" ? [] : [nodesText(names(holders))]),
		...(to === "optimal" ? [] : othersText(changed.filter((change) => change.to !== to))),
		...(isFound && isFirstLook ? [" when watching began"] : []),
		...(from === null ? [] : [`, before: ${to === "optimal" ? formerText(from, changed) : from}`]),
		...unseenText(luns, new Set(nodes)),
	].join("");
	const details = luns.map((lun): LunDetail => ({ lun, reasons: lun.reasons }));
	// A LUN of which a node tells nothing is at best unknown, whatever it became on the others.
	const isHidden = luns.some(({ state }) => state === "unknown");
	return lunDraft(details, nodes, isHidden ? (worstOf([to, "unknown"]) ?? to) : to, text, at);
}

/** `, degraded on n2`: nodes that came into other states at the same time, the worst first. */
function othersText(changed: readonly NodeLunChange[]): string[] {
	return worstFirst.flatMap((state) => {
		const nodes = names(changed.flatMap(({ node, to }) => (to === state ? [node] : [])));
		return nodes.length === 0 ? [] : [`, ${state}${nodesText(nodes)}`];
	});
}

/** What it was on the nodes that got better, the worst first. */
function formerText(from: LunState, changed: readonly NodeLunChange[]): string {
	const parts = worstFirst.flatMap((state) => {
		const nodes = names(changed.flatMap((change) => (change.from === state ? [change.node] : [])));
		return nodes.length === 0 || state === "optimal" ? [] : [`${state}${nodesText(nodes)}`];
	});
	return parts.length === 0 ? from : parts.join(", ");
}

/** `; not known on n3`: nodes that should carry it and of which nothing can be said now. */
function unseenText(luns: readonly LunStatus[], named: ReadonlySet<string>): string[] {
	const unseen = new Set<string>();
	for (const { nodes } of luns)
		for (const [node, { state }] of nodes) if (state === "unknown" && !named.has(node)) unseen.add(node);
	return unseen.size === 0 ? [] : [`; not known${nodesText([...unseen].sort())}`];
}

function partEntry(spots: readonly Spot[], { at, isFirstLook }: Moment): LogDraft {
	const byLun = Map.groupBy(spots, ({ status }) => status);
	const nodes = names(spots.map(({ node }) => node));
	const to = spots[0]?.to ?? "unknown";
	const isFound = spots[0]?.from === null;
	const began = isFound && isFirstLook ? " when watching began" : "";
	const text = `${whoText([...byLun.keys()], isFound)} ${to}${nodesText(nodes)}${began}`;
	const details = [...byLun].map(
		([lun, own]): LunDetail => ({
			lun,
			reasons: own.flatMap(({ node }) => lun.nodes.get(node)?.reasons ?? []),
		}),
	);
	return lunDraft(details, nodes, to, text, at);
}

interface LunDetail {
	readonly lun: LunStatus;
	/** Why it is in the state that is told, on the nodes that are named. */
	readonly reasons: readonly string[];
}

const mostReasons = 3;

function lunDraft(
	all: readonly LunDetail[],
	nodes: readonly string[],
	to: LunState,
	text: string,
	at: number,
): LogDraft {
	const isOne = all.length === 1;
	const titles = isOne ? [] : all.map(({ lun }) => lunTitle(lun));
	const reasons = all.map(({ lun, reasons: own }) =>
		[...(isOne ? [] : [lunTitle(lun)]), ...own.slice(0, mostReasons)].join(": "),
	);
	return draft(at, {
		kind: "lun",
		event: to,
		severity: severities[to],
		text,
		nodes,
		luns: all.map(({ lun }) => lun.wwid),
		details: to === "optimal" ? titles : reasons,
	});
}

function names(nodes: readonly string[]): string[] {
	return [...new Set(nodes)].sort();
}

function nodesText(nodes: readonly string[]): string {
	return nodes.length === 0 ? "" : ` on ${namesText(nodes, "nodes")}`;
}

function whoText(luns: readonly LunStatus[], isFound: boolean): string {
	return luns.length === 1
		? `LUN ${namesText(luns.map(lunTitle), "")} ${isFound ? "was found" : "is"}`
		: `${countText(luns.length, "LUN")} ${isFound ? "were found" : "are"}`;
}

/** What people call a LUN. */
export function lunTitle({ alias, wwid }: Pick<LunStatus, "alias" | "wwid">): string {
	return alias ?? wwid;
}
