import type { LogEntry, LogKind, Severity } from "./entry.ts";

/** Which entries of the log somebody wants; what is absent is not asked for. */
export interface LogFilter {
	/** WWID. */
	readonly lun?: string;
	readonly node?: string;
	readonly kind?: LogKind;
	/** The least: `warning` has errors, too. */
	readonly severity?: Severity;
	/** Part of the text, of a detail, or of a port; capitals do not matter. */
	readonly text?: string;
	/** Moments in milliseconds since the epoch that the entry began at, both included. */
	readonly since?: number;
	readonly until?: number;
}

/** Mildest first. */
export const severities = ["info", "warning", "error"] as const satisfies readonly Severity[];

/** True when an entry is one of those that are wanted. */
export function isLogWanted(
	entry: Pick<LogEntry, "at" | "kind" | "severity" | "text" | "details" | "ports" | "nodes" | "luns">,
	{ lun, node, kind, severity, text, since, until }: LogFilter,
): boolean {
	return (
		(since === undefined || entry.at >= since) &&
		(until === undefined || entry.at <= until) &&
		(kind === undefined || entry.kind === kind) &&
		(severity === undefined || severities.indexOf(entry.severity) >= severities.indexOf(severity)) &&
		(node === undefined || entry.nodes.includes(node)) &&
		(lun === undefined || entry.luns.includes(lun)) &&
		(text === undefined || holdsText(entry, text.toLowerCase()))
	);
}

function holdsText(
	{ text, details, ports }: Pick<LogEntry, "text" | "details" | "ports">,
	words: string,
): boolean {
	return [text, ...details, ...ports].some((line) => line.toLowerCase().includes(words));
}
