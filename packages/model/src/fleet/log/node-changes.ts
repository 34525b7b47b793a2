import type { NodeFacts } from "../node-facts.ts";
import { draft, type LogDraft, type LogKind, namesText, type Severity } from "./entry.ts";

/** What the log remembers of a node itself. */
export interface KnownNode {
	readonly online: boolean;
	/** State of multipathd; null: not known yet. */
	readonly multipathd: string | null;
	/** Why its configuration is not applied; null: it is, or will be. */
	readonly applyError: string | null;
	/** What an administrator was told about it, by code and subject. */
	readonly findings: ReadonlyMap<string, KnownFinding>;
}

export interface KnownFinding {
	readonly code: string;
	readonly subject: string | null;
	readonly text: string;
}

export interface NodeChange {
	readonly node: string;
	readonly kind: LogKind;
	readonly event: string;
	readonly severity: Severity;
	/** Sentence about one or more nodes, with their names in place of `{nodes}`. */
	readonly sentence: string;
	/** What is said in particular; null: nothing more than the sentence. */
	readonly detail: string | null;
	/** What a finding is about: a LUN perhaps. */
	readonly subject?: string | null;
	/** WWIDs of LUNs that it changes something for. */
	readonly luns?: readonly string[];
}

/** A node of which nothing was known. */
export const unknownNode: KnownNode = {
	online: false,
	multipathd: null,
	applyError: null,
	findings: new Map(),
};

/** What is known now; a node that cannot be seen keeps what was known of its inside. */
export function knowNode(before: KnownNode, { online, head }: NodeFacts): KnownNode {
	if (!online || head === null) return { ...before, online };
	const serious = head.findings.filter(({ severity }) => severity !== "info");
	return {
		online,
		multipathd: head.multipathd.state,
		applyError: head.applied.state === "failed" ? (head.applied.error ?? "no reason given") : null,
		findings: new Map(
			serious.map(({ code, subject, text }) => [JSON.stringify([code, subject]), { code, subject, text }]),
		),
	};
}

/** What changed on a node that was known before. */
export function nodeChanges(node: string, before: KnownNode, now: KnownNode, facts: NodeFacts): NodeChange[] {
	return [
		...onlineChange(node, before, now),
		...daemonChange(node, before, now, facts),
		...applyChange(node, before, now),
		...findingChanges(node, before, now),
	];
}

/**
 * What is wrong with a node at the first look at the whole fleet, told as found: nobody saw when it began. What is
 * well is not told.
 */
export function foundOnNode(node: string, now: KnownNode, facts: NodeFacts): NodeChange[] {
	const well: KnownNode = { online: true, multipathd: null, applyError: null, findings: new Map() };
	return nodeChanges(node, well, now, facts).map((change) => ({
		...change,
		sentence: `when watching began: ${change.sentence}`,
	}));
}

function onlineChange(node: string, before: KnownNode, now: KnownNode): NodeChange[] {
	if (before.online === now.online) return [];
	const change = { node, kind: "node" as const, detail: null };
	return now.online
		? [{ ...change, event: "online", severity: "info", sentence: "{nodes} reports again" }]
		: [
				{
					...change,
					event: "offline",
					severity: "error",
					sentence: "no sign of life from the agent on {nodes}: what its LUNs do is not known",
				},
			];
}

function daemonChange(node: string, before: KnownNode, now: KnownNode, { head }: NodeFacts): NodeChange[] {
	const { multipathd: state } = now;
	if (state === null || state === before.multipathd) return [];
	if (before.multipathd === null && state === "running") return [];
	const runs = state === "running";
	return [
		{
			node,
			kind: "daemon",
			event: state,
			severity: runs ? "info" : "error",
			sentence: runs
				? "multipathd answers again on {nodes}"
				: `multipathd is ${state.replace("-", " ")} on {nodes}`,
			detail: head?.multipathd.problem ?? null,
		},
	];
}

function applyChange(node: string, before: KnownNode, now: KnownNode): NodeChange[] {
	if (before.applyError === now.applyError) return [];
	const change = { node, kind: "apply" as const, detail: now.applyError };
	return now.applyError === null
		? [
				{
					...change,
					event: "recovered",
					severity: "info",
					sentence: "the configuration is accepted again on {nodes}",
				},
			]
		: [
				{
					...change,
					event: "failed",
					severity: "error",
					sentence: "the configuration could not be applied on {nodes}",
				},
			];
}

function findingChanges(node: string, before: KnownNode, now: KnownNode): NodeChange[] {
	const change = ({ code, subject, text }: KnownFinding, appeared: boolean): NodeChange => ({
		node,
		kind: "finding",
		event: appeared ? "appeared" : "vanished",
		severity: appeared ? "warning" : "info",
		sentence: appeared ? `finding ${code} on {nodes}` : `finding ${code} has ended on {nodes}`,
		detail: text,
		subject,
	});
	return [
		...[...now.findings].flatMap(([key, finding]) =>
			before.findings.has(key) ? [] : [change(finding, true)],
		),
		...[...before.findings].flatMap(([key, finding]) =>
			now.findings.has(key) ? [] : [change(finding, false)],
		),
	];
}

/** One entry for what happened to several nodes alike. */
export function nodeEntries(
	changes: readonly NodeChange[],
	at: number,
	isLun: (text: string) => boolean,
): LogDraft[] {
	const alike = Map.groupBy(changes, ({ kind, event, sentence }) => `${kind} ${event} ${sentence}`);
	return [...alike.values()].flatMap((same) => {
		const [first] = same;
		if (first === undefined) return [];
		const { kind, event, severity, sentence } = first;
		const nodes = [...new Set(same.map(({ node }) => node))];
		return draft(at, {
			kind,
			event,
			severity,
			text: sentence.replace("{nodes}", () => namesText(nodes, "nodes")),
			nodes,
			luns: [...new Set(same.flatMap(({ subject, luns = [] }) => [subject ?? [], luns].flat()))].filter(
				isLun,
			),
			details: same.flatMap(({ node, detail }) =>
				detail === null ? [] : [detail.startsWith(`${node}: `) ? detail : `${node}: ${detail}`],
			),
		});
	});
}
