import {
	type MapVerdict,
	readSaved,
	type SavedFormat,
	type VerdictDocument,
	verdictDocument,
	verdictExitCode,
	visible,
	worstFirst,
} from "@pathkeeper/model";
import { table } from "../output/table.ts";
import { queueingText, stateWord } from "../output/words.ts";
import { wrapped } from "../output/wrap.ts";
import { verdictAdvice } from "./verdict-advice.ts";

export interface VerdictOptions {
	/** `json` and `ndjson` print the one document, on many lines or on one. */
	readonly output: "table" | "json" | "ndjson";
	/** Which listing the text is; absent: found out. */
	readonly format?: SavedFormat;
	/** How many paths every map should have; absent: as many as it has. */
	readonly expect?: number;
	readonly colour?: boolean;
}

/**
 * `pathkeeper verdict FILE`: judges a saved `show maps json`, `multipath -ll` or `show topology`. Exit code 2 for a
 * failed map, 3 when something is unknown or the text is no whole listing, 1 for a degraded map, else 0. Never throws.
 */
export function runVerdict(text: string, options: VerdictOptions): { stdout: string; exitCode: number } {
	const reading = readSaved(text, options.format === undefined ? {} : { format: options.format });
	const document = verdictDocument(reading, options.expect === undefined ? {} : { expect: options.expect });
	const exitCode = verdictExitCode(document);
	if (options.output === "table") return { stdout: forPeople(document, options.colour ?? false), exitCode };
	const json = JSON.stringify(document, null, options.output === "json" ? 2 : undefined);
	return { stdout: `${json}\n`, exitCode };
}

const width = 80;
/** Rows shown of a table; no host has more, and a hostile text may. */
const maxRows = 10_000;

function forPeople(document: VerdictDocument, colour: boolean): string {
	const blocks = [
		aboutTheText(document),
		...worstFirst
			.filter((state) => state !== "optimal")
			.flatMap((state) =>
				document.maps.filter((map) => map.state === state).map((map) => wholeMap(map, colour)),
			),
		optimalMaps(document, colour),
		summary(document),
		advice(document),
	];
	return blocks.filter((block) => block !== "").join("\n");
}

function aboutTheText({ daemon, problems }: VerdictDocument): string {
	const head = {
		ok: "",
		silent: "multipathd is silent: this text contains no answer from it.\n",
		unreadable: "The text is not a complete listing of multipathd.\n",
	}[daemon];
	return head + problems.map((problem) => wrapped(visible(problem, 400), width, "  ! ", "    ")).join("");
}

function wholeMap(map: MapVerdict, colour: boolean): string {
	const product = [map.vendor, map.product].filter((text) => text !== null).join(" ");
	const identity = [map.name === map.wwid ? "" : map.wwid, map.dm ?? "", product]
		.filter((text) => text !== "")
		.map((text) => visible(text, 128));
	const paths = table(
		[
			{ head: "  GROUP", cell: (path) => `  ${path.group}` },
			{ head: "PATH", cell: (path) => visible(path.dev === "" ? "-" : path.dev, 20) },
			{ head: "H:C:T:L", cell: (path) => visible(path.hctl ?? "-", 20) },
			{ head: "STATE", cell: (path) => stateWord(path.state, colour) },
			{ head: "CHECKER", cell: (path) => visible(path.checker ?? "-", 14) },
			{ head: "DM", cell: (path) => visible(path.dmState ?? "-", 10) },
			{ head: "DEVICE", cell: (path) => visible(path.deviceState ?? "-", 18) },
		],
		map.paths.slice(0, maxRows),
	);
	return [
		`${stateWord(map.state, colour)}  ${visible(map.name === "" ? "(no name)" : map.name, 128)}\n`,
		identity.length === 0 ? "" : wrapped(identity.join("  "), width, "  ", "  "),
		...map.reasons.map((reason) => wrapped(reason, width, "  - ", "    ")),
		map.queueing === null || map.state === "failed"
			? ""
			: `  without paths, queueing: ${queueingText(map.queueing)}\n`,
		map.paths.length === 0 ? "" : paths,
	].join("");
}

function optimalMaps(document: VerdictDocument, colour: boolean): string {
	const maps = document.maps.filter(({ state }) => state === "optimal");
	if (maps.length === 0) return "";
	return table(
		[
			{ head: "STATE", cell: (map) => stateWord(map.state, colour) },
			{ head: "PATHS", cell: (map) => String(map.paths.length), align: "right" },
			{ head: "QUEUEING", cell: (map) => queueingText(map.queueing).replace(/:.*/, "") },
			{ head: "MAP", cell: (map) => visible(map.name, 40) },
		],
		maps.slice(0, maxRows),
	);
}

function summary({ maps, daemon }: VerdictDocument): string {
	if (maps.length === 0) return daemon === "ok" ? "multipathd has no maps.\n" : "";
	const counts = worstFirst
		.map((state) => [state, maps.filter((map) => map.state === state).length] as const)
		.filter(([, count]) => count > 0)
		.map(([state, count]) => `${count} ${state}`);
	return `${maps.length === 1 ? "1 map" : `${maps.length} maps`}: ${counts.join(", ")}\n`;
}

function advice(document: VerdictDocument): string {
	const steps = verdictAdvice(document);
	if (steps.length === 0) return "";
	return `What to do\n${steps.map((step) => wrapped(step, width, "  - ", "    ")).join("")}`;
}
