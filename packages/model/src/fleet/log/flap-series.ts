import { visible } from "../../multipathd-output/visible.ts";
import { countText, draft, type LogDraft, namesText } from "./entry.ts";
import type { FlapSeries } from "./flapping.ts";

/** The series that a path through this port belongs to; a new one when there is none. */
export function joinSeries(
	all: Set<FlapSeries>,
	{ port, node }: { readonly port: string | null; readonly node: string },
	at: number,
): FlapSeries {
	for (const series of all) {
		// Where the port is not told, only the node can be the cause.
		if (series.port === port && (port !== null || series.nodes.has(node))) return series;
	}
	const series: FlapSeries = {
		id: null,
		port,
		since: at,
		last: at,
		count: 0,
		paths: 0,
		nodes: new Set(),
		luns: new Set(),
		changed: true,
	};
	all.add(series);
	return series;
}

/** The entry of a series that goes on. */
export function flappingEntry(series: FlapSeries, nameOf: (wwid: string) => string): LogDraft {
	const { since, last, count } = series;
	const text = `${subjectOf(series, nameOf)} failed again and again: ${count} times so far`;
	return {
		...aboutSeries(series, since, { event: "flapping", severity: "warning", text }),
		until: last,
		count,
	};
}

/** The entry that tells the end of a series. */
export function steadyEntry(
	series: FlapSeries,
	at: number,
	nameOf: (wwid: string) => string,
	left: "failed" | "working",
): LogDraft {
	const { count, since, last } = series;
	const minutes = Math.max(1, Math.round((last - since) / 60_000));
	const how = left === "working" ? "steady again" : "steady, and not all of them work";
	const text = `${subjectOf(series, nameOf)}: ${how}, after ${countText(count, "failure")} in ${countText(minutes, "minute")}`;
	const severity = left === "working" ? "info" : "warning";
	return { ...aboutSeries(series, at, { event: "steady", severity, text }), count };
}

function aboutSeries(
	{ port, paths, nodes, luns }: FlapSeries,
	at: number,
	said: Pick<LogDraft, "event" | "severity" | "text">,
): LogDraft {
	const ports = port === null ? [] : [port];
	return draft(at, { kind: "path", ...said, nodes: [...nodes].sort(), luns: [...luns].sort(), ports, paths });
}

function subjectOf({ port, paths, nodes, luns }: FlapSeries, nameOf: (wwid: string) => string): string {
	const of = luns.size > 3 ? countText(luns.size, "LUN") : namesText([...luns].sort().map(nameOf), "LUNs");
	const through = port === null ? "" : ` through ${visible(port)}`;
	return `${countText(paths, "path")} of ${of} on ${namesText([...nodes].sort(), "nodes")}${through}`;
}
