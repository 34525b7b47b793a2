/**
 * A packed report made readable. Whoever may write a report of one node may write anything there, so what it costs is
 * bounded before it is paid: how far it unpacks, how many values it then holds, and how long its columns are once
 * each value stands where it belongs.
 */
import { JsonCounter, messageOf, type Report } from "@pathkeeper/model";
import { fromColumn } from "./columns.ts";
import { parseJson, unpack, unreadable } from "./json-document.ts";
import { checkReport } from "./report-schema.ts";

/** What is known of one node from its report, or why nothing is. */
export type NodeReport =
	| { readonly node: string; readonly report: Report; readonly problem: null }
	| { readonly node: string; readonly report: null; readonly problem: string };

/** A report as its writer packed it, and the key that it stands below. */
export interface PackedReport {
	readonly key: string;
	readonly bytes: Uint8Array;
}

/** What a report may cost. */
export interface ReportLimits {
	/** Bytes of text that it may unpack to. */
	readonly textBytes: number;
	/** And how many bytes of text each packed byte may give, beside `freeBytes`. */
	readonly packing: number;
	readonly freeBytes: number;
	/** Values (objects, lists, members, elements) in its text. */
	readonly values: number;
	/** Bytes of text that its columns may stand for. */
	readonly writtenBytes: number;
}

const mebibyte = 1024 * 1024;

/**
 * Of any report. 5,000 LUNs with eight paths each are 3 MB of text with 800,000 values, or 25 MB where an agent writes
 * no columns, and such a text packs to a 140th of it.
 */
export const reportLimits: ReportLimits = {
	textBytes: 64 * mebibyte,
	packing: 250,
	freeBytes: 4 * mebibyte,
	values: 2_000_000,
	writtenBytes: 64 * mebibyte,
};

/**
 * Of a report that costs no more than some tens of milliseconds and some tens of megabytes, whatever is in it: nearly
 * every report there is, up to 1,500 LUNs with eight paths. So it may be read wherever others wait meanwhile.
 */
export const lightReport: ReportLimits = {
	textBytes: 2 * mebibyte,
	packing: 250,
	freeBytes: 2 * mebibyte,
	values: 250_000,
	writtenBytes: 8 * mebibyte,
};

/** The lists of devices in it stand as columns (`columns.ts`); written out as they are, they are read as well. */
export const deviceLists = ["maps", "lastMaps", "kernelMaps", "candidates"] as const;

/** A report costs more than it may. */
class TooCostly extends Error {
	override readonly name = "TooCostly";
}

/** Reads a report that is within the limits; of any other it says why not. Never throws. */
export function decodeReport(node: string, packed: PackedReport, limits: ReportLimits): NodeReport {
	return decoded(node, packed, limits) ?? { node, report: null, problem: tooCostly(packed.key) };
}

/** As `decodeReport`, but null for a report that is too costly for the limits. */
export function decodeLightReport(node: string, packed: PackedReport): NodeReport | null {
	return decoded(node, packed, lightReport);
}

function decoded(node: string, { key, bytes }: PackedReport, limits: ReportLimits): NodeReport | null {
	try {
		const written = parseJson(key, textOf(key, bytes, limits));
		const report = checkReport(key, withLists(key, written, limits));
		if (report.node !== node) throw unreadable(key, `it is the report of '${report.node}'`);
		return { node, report, problem: null };
	} catch (error) {
		return error instanceof TooCostly ? null : { node, report: null, problem: messageOf(error) };
	}
}

/** In the words of a person who is to do something about it. */
function tooCostly(key: string): string {
	const { values, textBytes } = reportLimits;
	const most = `${values} values in ${textBytes / mebibyte} MiB`;
	return messageOf(
		unreadable(
			key,
			`it is larger than the report of any host (at most ${most}), and is not read until it changes; see what writes it`,
		),
	);
}

/** The text, once it is known to unpack to no more than it may and to hold no more values. */
function textOf(key: string, bytes: Uint8Array, limits: ReportLimits): Uint8Array {
	const most = Math.min(limits.textBytes, limits.freeBytes + limits.packing * bytes.length);
	const text = unpack(key, bytes, most, () => new TooCostly());
	if (new JsonCounter().exceeds(limits.values, text)) throw new TooCostly();
	return text;
}

function withLists(key: string, written: unknown, { writtenBytes }: ReportLimits): unknown {
	if (!(written instanceof Object)) return written;
	const members = new Map<string, unknown>(Object.entries(written));
	const room = { left: writtenBytes };
	try {
		for (const name of deviceLists) {
			if (members.has(name)) members.set(name, fromColumn(members.get(name), room));
		}
	} catch (error) {
		if (room.left < 0) throw new TooCostly();
		throw unreadable(key, messageOf(error), error);
	}
	return Object.fromEntries(members);
}
