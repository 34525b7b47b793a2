import type { MultipathMap } from "../topology/map.ts";
import { type DaemonListing, readDaemonListing } from "./daemon-listing.ts";
import { type JsonOutcome, readJsonLines, readJsonStrict } from "./json-text.ts";
import { MapsJsonBuilder } from "./maps-json-builder.ts";
import {
	closeReading,
	emptyReading,
	maxTextLength,
	Problems,
	type Reading,
	type ReadingOptions,
} from "./reading.ts";
import { noListing, shortReply } from "./reply.ts";
import { noiseOf, plainText } from "./saved-text.ts";
import { quoted } from "./visible.ts";

/**
 * Reads the answer to `show maps json` or `show map NAME json`, live or saved: with warnings before it and log lines
 * behind it, with names that break the JSON, cut anywhere, or no such answer at all.
 *
 * Maps that were read to their closing brace keep what they say; one that the text breaks off in, or in which a
 * member is missing or stands twice, has `whole: false` and makes the daemon `unreadable`. Never throws.
 */
export function readMapsJson(text: string, options: ReadingOptions = {}): Reading {
	return mapsJsonReader()(text, options);
}

/**
 * Makes a `readMapsJson` for one daemon that is asked again and again. The same text gives the same Reading, and a map
 * whose text is the one that it had in the listing before is the same object.
 */
export function mapsJsonReader(): (text: string, options?: ReadingOptions) => Reading {
	let last: { readonly text: string; readonly interval: number | null; readonly read: FullReading } | null =
		null;
	return (text, { pollingIntervalS: interval = null } = {}) => {
		const known = last?.interval === interval ? last : null;
		if (known !== null && known.text === text) return known.read.reading;
		const read = readAll(text, { pollingIntervalS: interval }, known?.read.listing ?? null);
		last = { text, interval, read };
		return read.reading;
	};
}

interface FullReading {
	readonly reading: Reading;
	/** Null when it was not read the short way. */
	readonly listing: DaemonListing | null;
}

function readAll(text: string, options: ReadingOptions, last: DaemonListing | null): FullReading {
	const without = (reading: Reading): FullReading => ({ reading, listing: null });
	if (text.length > maxTextLength)
		return without(emptyReading("unreadable", "the text is too long for an answer"));
	const listing = readDaemonListing(text, options, last);
	if (listing !== null) return { reading: closeReading(false, new Problems(), listing.maps), listing };
	const plain = plainText(text);
	const short = shortReply(plain);
	if (short !== null) return without(short);
	const documentStart = documentStarts(plain);
	let start = documentStart(0);
	if (start === -1) return without(noListing(plain, "map listing in JSON"));
	const problems = new Problems();
	const maps: MultipathMap[] = [];
	let lost = noteNoise(plain.slice(0, start), problems);
	let listings = 0;
	while (start !== -1) {
		const { builder, outcome } = readDocument(plain, start, options);
		for (const map of builder.maps) maps.push(map);
		for (const problem of builder.problems.all()) problems.add(problem);
		if (builder.isListing) listings += 1;
		lost ||= builder.lost;
		if (outcome.state !== "whole") {
			if (outcome.state !== "stopped") problems.add(breakProblem(plain, outcome));
			break;
		}
		if (!builder.isListing) {
			lost = true;
			problems.add("a JSON document that is not a map listing");
		}
		start = documentStart(outcome.end);
		lost = noteNoise(plain.slice(outcome.end, start === -1 ? plain.length : start), problems) || lost;
	}
	if (listings === 0 && maps.length === 0) lost = true;
	return without(closeReading(lost, problems, maps));
}

/** True when a text holds something that begins like multipathd's JSON. */
export function looksLikeMapsJson(plain: string): boolean {
	return documentStarts(plain)(0) !== -1;
}

/** Where in a text a listing stands; `end` is behind its last character that could be read. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

/**
 * The documents that begin as multipathd's own, up to the first that cannot be read to its end. Linear in the text.
 */
export function mapsJsonSpans(plain: string): Span[] {
	const spans: Span[] = [];
	const listingFrom = nextMatch(plain, listingStart, (match) => match.index);
	let start = listingFrom(0);
	while (start !== -1) {
		const { state, end } = readDocument(plain, start, {}).outcome;
		spans.push({ start, end });
		start = state === "whole" ? listingFrom(end) : -1;
	}
	return spans;
}

const listingStart = /\{\s{0,64}"(?:major_version|minor_version|maps|map)"/g;
const lineStart = /^[ \t]{0,16}\{/gm;

/**
 * Finds where the next document begins from an offset on: one of multipathd's own if there is one, else a brace at the
 * start of a line; -1 when there is none. Asked with rising offsets, it looks at each place of the text once for each
 * of the two, however many documents there are.
 */
function documentStarts(plain: string): (from: number) => number {
	const listingFrom = nextMatch(plain, listingStart, (match) => match.index);
	const lineFrom = nextMatch(plain, lineStart, (match) => match.index + match[0].length - 1);
	return (from) => {
		const listing = listingFrom(from);
		return listing === -1 ? lineFrom(from) : listing;
	};
}

/** The next match from an offset on; what was found, or not found, is kept until the offset has passed it. */
function nextMatch(
	text: string,
	pattern: RegExp,
	placeOf: (match: RegExpExecArray) => number,
): (from: number) => number {
	let known: number | null = null;
	return (from) => {
		if (known === null || (known !== -1 && known < from)) {
			pattern.lastIndex = from;
			const match = pattern.exec(text);
			known = match === null ? -1 : placeOf(match);
		}
		return known;
	};
}

/** The head as multipathd prints it, which leaves a blank before the colon of every member but these. */
const daemonForm = /\{[ \t]*\n[ \t]*"major_version":[ \t]*\d+,[ \t]*\n/y;

interface DocumentRead {
	readonly builder: MapsJsonBuilder;
	readonly outcome: JsonOutcome;
}

/** multipathd's own form is read line by line first, so that no value can pass for a member; others strictly. */
function readDocument(plain: string, start: number, options: ReadingOptions): DocumentRead {
	daemonForm.lastIndex = start;
	const readers = daemonForm.test(plain) ? [readJsonLines, readJsonStrict] : [readJsonStrict, readJsonLines];
	let best: DocumentRead | null = null;
	for (const reader of readers) {
		const builder = new MapsJsonBuilder(options);
		const read = { builder, outcome: reader(plain, start, builder) };
		if (read.outcome.state === "whole" || read.outcome.state === "stopped") return read;
		if (best === null || (readers[0] === readJsonStrict && read.outcome.end > best.outcome.end)) best = read;
	}
	if (best === null) throw new Error("no reader");
	best.builder.breakOff();
	return best;
}

function breakProblem(plain: string, outcome: JsonOutcome): string {
	if (outcome.state === "cut") return "the text breaks off before the listing ends";
	const line = plain.slice(0, outcome.end).split("\n").length;
	const newline = plain.indexOf("\n", outcome.end);
	const rest = plain.slice(outcome.end, newline === -1 ? outcome.end + 200 : newline);
	return `line ${line}: the listing cannot be read on from ${quoted(rest, 60)}`;
}

/** Tells of text around the documents; true when it looks like a piece of a listing that lost its frame. */
function noteNoise(around: string, problems: Problems): boolean {
	let skipped = 0;
	let first = "";
	let torn = false;
	for (const line of around.split("\n")) {
		const noise = noiseOf(line);
		if (noise === "blank" || noise === "command" || line.trim() === "") continue;
		if (/^[ \t]*(?:"\w+" : |[}\]][,}\]]*[{,]?[ \t]*$)/.test(line.slice(0, 400))) torn = true;
		if (skipped === 0) first = line;
		skipped += 1;
	}
	if (skipped > 0) {
		const lines = skipped === 1 ? "1 line" : `${skipped} lines`;
		problems.add(`${lines} around the listing not read, first ${quoted(first.trim(), 100)}`);
	}
	return torn;
}
