import type { MultipathMap } from "../topology/map.ts";
import type { Path } from "../topology/path.ts";
import { devmapper, inquiryText, transportFrom } from "./path-words.ts";
import { queueingOf } from "./queueing.ts";
import { closeReading, maxPaths, Problems, type Reading, type ReadingOptions } from "./reading.ts";
import { noListing, shortReply } from "./reply.ts";
import { plainText } from "./saved-text.ts";
import { quoted } from "./visible.ts";

/**
 * `show maps raw format "…"` and `show paths raw format "…"`: the way round multipathd's broken JSON. Each row is
 * one object, its fields between `|`. The daemon escapes nothing here either, so the number of fields in a row is
 * checked: a value that holds the separator makes too many, never as many. Fields that a target or an administrator
 * chooses stand last, so that the WWID in front can be read from a bad row too. A wildcard that an older release does
 * not know prints nothing and leaves its field empty (multipath-tools libmultipath/print.c).
 */
const separator = "|";
const mapFields = [
	"%w",
	"%d",
	"%t",
	"%N",
	"%Q",
	"%f",
	"%h",
	"%r",
	"%F",
	"%A",
	"%v",
	"%p",
	"%e",
	"%n",
] as const;
const pathFields = [
	"%w",
	"%i",
	"%d",
	"%D",
	"%t",
	"%T",
	"%o",
	"%c",
	"%p",
	"%M",
	"%R",
	"%r",
	"%a",
	"%n",
	"%m",
] as const;

/** For `show maps raw format "RAW_MAP_FORMAT"`. */
export const rawMapFormat = mapFields.join(separator);
/** For `show paths raw format "RAW_PATH_FORMAT"`. */
export const rawPathFormat = pathFields.join(separator);

/**
 * Joins the two raw listings into maps. Raw listings do not tell groups: all paths of a map stand in one group
 * numbered 1 whose state, priority and selector are null. A path belongs to the map that its row names; `[orphan]`,
 * `[offline]`, `[unknown]` and `[undef]` are no maps. A row with a wrong number of fields is a problem, its map is
 * not whole, and when it cannot be told whose row it was, no map is.
 */
export function readMapsRaw(mapsText: string, pathsText: string, options: ReadingOptions = {}): Reading {
	const mapRows = rowsOf(mapsText, "maps");
	if (!Array.isArray(mapRows)) return mapRows;
	const pathRows = rowsOf(pathsText, "paths");
	if (!Array.isArray(pathRows)) return pathRows;
	const problems = new Problems();
	const drafts = mapRows.map((row) => mapDraft(row, problems));
	let lost = drafts.some((draft) => !draft.whole);
	/** A row of nobody may belong to any map. */
	let anyLost = false;
	const byName = new Map(drafts.filter((draft) => draft.name !== null).map((draft) => [draft.name, draft]));
	const byWwid = new Map(drafts.map((draft) => [draft.wwid, draft]));
	if (pathRows.length > maxPaths) {
		problems.add("more paths than any host has");
		for (const draft of drafts) draft.whole = false;
		lost = true;
	}
	for (const row of pathRows.slice(0, maxPaths)) {
		const fields = row.split(separator);
		const mapName = fields.at(-1) ?? "";
		if (fields.length === pathFields.length) {
			if (noMap.test(mapName) && !byName.has(mapName)) continue;
			const draft = byName.get(mapName) ?? byWwid.get(fields[0] ?? "");
			if (draft !== undefined) {
				draft.paths.push(pathOf(fields));
				continue;
			}
			lost = true;
			problems.add(
				`path ${quoted(fields[2] ?? "")} belongs to map ${quoted(mapName, 128)}, which is not listed`,
			);
			continue;
		}
		lost = true;
		problems.add(wrongCount("path", row, fields.length, pathFields.length));
		const owner = byWwid.get(fields[0] ?? "");
		if (owner === undefined) anyLost = true;
		else owner.whole = false;
	}
	if (anyLost) for (const draft of drafts) draft.whole = false;
	for (const draft of drafts) {
		if (draft.usable > draft.paths.length) {
			draft.whole = false;
			lost = true;
			const counts = `${draft.usable} usable paths, ${draft.paths.length} listed`;
			problems.add(`map ${quoted(draft.name ?? draft.wwid, 128)}: ${counts}`);
		}
	}
	return closeReading(
		lost,
		problems,
		drafts.map((draft) => mapOf(draft, options)),
	);
}

/** What `%m` says instead of a map's name. */
const noMap = /^\[(?:orphan|offline|unknown|undef)\]$/;

/** The rows of one listing, or the reading that its text amounts to when it is none. */
function rowsOf(text: string, what: string): string[] | Reading {
	const plain = plainText(text);
	const short = shortReply(plain);
	if (short !== null) return short.daemon === "ok" ? [] : short;
	const rows = plain.split("\n").filter((row) => row.trim() !== "");
	if (!rows.some((row) => row.includes(separator))) return noListing(plain, `raw listing of ${what}`);
	// The daemon ends every row; one without its end has lost a piece, and must not pass the count by chance.
	if (!plain.endsWith("\n")) rows.push(`${rows.pop() ?? ""}${separator.repeat(pathFields.length)}`);
	return rows;
}

interface MapDraft {
	readonly wwid: string;
	readonly name: string | null;
	/** Null for a row whose fields cannot be told apart. */
	readonly fields: readonly string[] | null;
	readonly usable: number;
	readonly paths: Path[];
	whole: boolean;
}

function mapDraft(row: string, problems: Problems): MapDraft {
	const fields = row.split(separator);
	const wwid = fields[0] ?? "";
	const sound = fields.length === mapFields.length;
	if (!sound) problems.add(wrongCount("map", row, fields.length, mapFields.length));
	const state = fields[2] ?? "";
	const known = state === "active" || state === "suspend";
	if (sound && !known) problems.add(`map ${quoted(wwid, 128)}: its device-mapper state is ${quoted(state)}`);
	return {
		wwid,
		name: sound ? (fields.at(-1) ?? null) : null,
		fields: sound ? fields : null,
		usable: sound && /^\d{1,9}$/.test(fields[3] ?? "") ? Number(fields[3]) : 0,
		paths: [],
		whole: sound && known,
	};
}

function wrongCount(what: string, row: string, got: number, wanted: number): string {
	return `a ${what} row has ${got} fields instead of ${wanted}: ${quoted(row, 100)}`;
}

function mapOf(draft: MapDraft, options: ReadingOptions): MultipathMap {
	const fields = draft.fields ?? [draft.wwid];
	const field = (wildcard: (typeof mapFields)[number]): string | null =>
		fields[mapFields.indexOf(wildcard)] ?? null;
	const features = field("%f");
	const group = {
		number: 1,
		dmState: null,
		priority: null,
		selector: null,
		marginal: false,
		paths: draft.paths,
	};
	return {
		name: draft.name ?? draft.wwid,
		wwid: draft.wwid,
		dm: devmapper(field("%d")),
		vendor: inquiryText(field("%v")),
		product: inquiryText(field("%p")),
		revision: inquiryText(field("%e")),
		sizeBytes: null,
		suspended: field("%t") === "suspend",
		readOnly: field("%r") === "ro" ? true : field("%r") === "rw" ? false : null,
		queueing: queueingOf({
			word: field("%Q") || null,
			features,
			pollingIntervalS: options.pollingIntervalS ?? null,
		}),
		features,
		hardwareHandler: field("%h"),
		failback: field("%F"),
		action: field("%A") || null,
		groups: draft.paths.length === 0 ? [] : [group],
		whole: draft.whole,
	};
}

function pathOf(fields: readonly string[]): Path {
	const field = (wildcard: (typeof pathFields)[number]): string => fields[pathFields.indexOf(wildcard)] ?? "";
	const dev = field("%d");
	const priority = field("%p");
	const marginal = field("%M");
	return {
		dev: dev === "-" ? "" : dev,
		devT: field("%D") || null,
		hctl: field("%i") || null,
		dmState: field("%t"),
		deviceState: field("%o"),
		checkerState: field("%T"),
		checker: field("%c") || null,
		priority: /^\d{1,9}$/.test(priority) ? Number(priority) : null,
		marginal: marginal !== "" && marginal !== "normal",
		anaState: null,
		transport: transportFrom({
			targetName: field("%n"),
			targetPort: field("%r"),
			hostPort: field("%R"),
			adapter: field("%a"),
		}),
	};
}
