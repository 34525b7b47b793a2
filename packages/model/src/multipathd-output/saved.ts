import { looksLikeMapsJson, mapsJsonSpans, readMapsJson, type Span } from "./maps-json.ts";
import { emptyReading, maxProblems, maxTextLength, type Reading } from "./reading.ts";
import { plainText } from "./saved-text.ts";
import { readTopology } from "./topology.ts";
import { isTopologyText } from "./topology-lines.ts";
import { quoted } from "./visible.ts";

/** The two listings that people save: `show maps json`, and `multipath -ll` or `show topology`. */
export type SavedFormat = "json" | "topology";

/**
 * Reads a saved answer of multipathd; without `format` it finds out which listings it holds, and reads them all. Text
 * in other encodings may have been decoded with replacement characters: names keep them. Never throws.
 */
export function readSaved(text: string, options: { readonly format?: SavedFormat } = {}): Reading {
	if (text.length > maxTextLength) return emptyReading("unreadable", "the text is too long for an answer");
	const plain = plainText(text);
	if (options.format === "json") return readMapsJson(plain);
	if (options.format === "topology") return readTopology(plain);
	const spans = mapsJsonSpans(plain);
	const around = spans.length === 0 ? plain : withoutSpans(plain, spans);
	if (!isTopologyText(around)) {
		return spans.length > 0 || looksLikeMapsJson(plain) ? readMapsJson(plain) : readTopology(plain);
	}
	const topology = withoutRest(readTopology(around), around);
	if (spans.length === 0) return topology;
	return together(topology, readMapsJson(spans.map(({ start, end }) => plain.slice(start, end)).join("\n")));
}

/** A line in the place of a document that ends a listing in Markdown as well: no map goes on behind it. */
const listingEnd = "\n```\n";

function withoutSpans(plain: string, spans: readonly Span[]): string {
	const ends = [0, ...spans.map(({ end }) => end)];
	const starts = [...spans.map(({ start }) => start), plain.length];
	return ends.map((end, n) => plain.slice(end, starts[n])).join(listingEnd);
}

const jsonTrace = /\bpath_groups\b|"(?:dev_st|chk_st)"/;

/** Pieces of a listing in JSON that could not be found as one: what they say is not known. */
function withoutRest(reading: Reading, around: string): Reading {
	if (!jsonTrace.test(around)) return reading;
	return {
		daemon: "unreadable",
		problems: [...reading.problems, "a listing in JSON in the same text cannot be read"],
		maps: reading.maps,
	};
}

function together(topology: Reading, json: Reading): Reading {
	const problems = new Set([...topology.problems, ...json.problems]);
	const wwids = new Set(topology.maps.map(({ wwid }) => wwid));
	for (const { wwid } of json.maps) {
		if (wwids.has(wwid)) problems.add(`WWID ${quoted(wwid, 128)} is in both listings of the text`);
		if (problems.size > maxProblems * 3) break;
	}
	const lost = topology.daemon !== "ok" || json.daemon !== "ok";
	return {
		daemon: lost ? "unreadable" : "ok",
		problems: [...problems],
		maps: [...topology.maps, ...json.maps],
	};
}
