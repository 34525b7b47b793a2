/**
 * One thing that happened in the fleet, for a person who asks later. What has one cause and happens within seconds
 * is one entry with lists, however many paths it is about; what happens again and again is one entry with a count.
 */
export interface LogEntry {
	/** Begins with the time, so that ids sort by it. */
	readonly id: string;
	/** When it was first noticed, milliseconds since the epoch, by the clock of the server that keeps the log. */
	readonly at: number;
	/** When it was last noticed; later than `at` in an entry that folds many. */
	readonly until: number;
	readonly kind: LogKind;
	/** One word: the new state, or what happened. */
	readonly event: string;
	readonly severity: Severity;
	/** One sentence. */
	readonly text: string;
	readonly nodes: readonly string[];
	/** WWIDs. */
	readonly luns: readonly string[];
	/** Ports of arrays: portals or target addresses. */
	readonly ports: readonly string[];
	/** How many paths it is about; 0 where it is about none. */
	readonly paths: number;
	/** How many times it happened. */
	readonly count: number;
	/** The first few things in particular, a line each. */
	readonly details: readonly string[];
	/** Who did it and from where; null where nobody did, or nobody knows. */
	readonly by: string | null;
	readonly from: string | null;
	/** It happened after this moment, while nobody watched; null: it was noticed when it happened. */
	readonly unwatchedSince: number | null;
}

/** `log`: about the log itself, such as a gap in it. */
export const logKinds = [
	"lun",
	"path",
	"node",
	"daemon",
	"config",
	"access",
	"apply",
	"finding",
	"log",
] as const;
export type LogKind = (typeof logKinds)[number];
export type Severity = "info" | "warning" | "error";

/** An entry before it has a place in the log. */
export type LogDraft = Omit<LogEntry, "id">;

/** Lists end here, so that an entry stays a small document; the text names the true count. */
export const logLimits = { luns: 5000, nodes: 1000, ports: 64, details: 20, textLength: 500 } as const;

/** A draft from what differs from the usual. */
export function draft(
	at: number,
	{
		kind,
		event,
		severity,
		text,
		...rest
	}: Pick<LogDraft, "kind" | "event" | "severity" | "text"> & Partial<LogDraft>,
): LogDraft {
	const { nodes = [], luns = [], ports = [], details = [] } = rest;
	return {
		at,
		until: at,
		paths: 0,
		count: 1,
		by: null,
		from: null,
		unwatchedSince: null,
		...rest,
		kind,
		event,
		severity,
		text: text.length > logLimits.textLength ? `${text.slice(0, logLimits.textLength - 1)}…` : text,
		nodes: nodes.slice(0, logLimits.nodes),
		luns: luns.slice(0, logLimits.luns),
		ports: ports.slice(0, logLimits.ports),
		details: details.slice(0, logLimits.details),
	};
}

const named = 3;

/** `n1`, `n1 and n2`, `n1, n2, n3 and 97 more nodes`. */
export function namesText(names: readonly string[], more: string): string {
	const shown = names.length > named + 1 ? names.slice(0, named) : names;
	const left = names.length - shown.length;
	if (left > 0) return `${shown.join(", ")} and ${left} more ${more}`;
	const last = shown.at(-1) ?? "";
	return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

/** `1 path`, `4 paths`. */
export function countText(count: number, one: string): string {
	return `${count} ${one}${count === 1 ? "" : "s"}`;
}
