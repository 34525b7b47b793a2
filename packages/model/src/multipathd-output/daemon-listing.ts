/**
 * The short way through `show maps json`: reads it as running daemons print it, and nothing else. Where a text leaves
 * that form by one character it gives up, and the tolerant readers (json-text.ts) find out what is wrong.
 *
 * It is as strict as they are, because it reads as `readJsonLines` does: a member stands on a line of its own and a
 * string ends at the last quote of the line, so that no value can pass for a member. It knows no other members than
 * the daemon's own, each at its place; one that comes twice or is missing makes it give up.
 *
 * A map whose text is the one that it had in the listing before is not read again: the same object is given.
 */
import type { MultipathMap, PathGroup } from "../topology/map.ts";
import type { Path } from "../topology/path.ts";
import { groupOf, lostMarginal, mapOf, pathOf, unsoundMembers } from "./maps-json-members.ts";
import { type LineForm, MemberLines } from "./member-lines.ts";
import { maxMaps, maxPaths, type ReadingOptions } from "./reading.ts";

/** The maps of a listing, and where their texts stand in it. */
export interface DaemonListing {
	readonly maps: readonly MultipathMap[];
	readonly text: string;
	/** By the first two lines of a map: name and WWID. */
	readonly places: ReadonlyMap<string, MapSlice>;
}

interface MapSlice {
	readonly start: number;
	readonly end: number;
	readonly paths: number;
	readonly map: MultipathMap;
}

const headPattern = /^\{\n {3}"major_version": \d{1,9},\n {3}"minor_version": \d{1,9},\n {3}"maps": \[/;
const mapForm: LineForm = {
	names: [
		...[
			"name",
			"uuid",
			"sysfs",
			"failback",
			"queueing",
			"paths",
			"write_prot",
			"dm_st",
			"features",
			"hwhandler",
		],
		...[
			"action",
			"path_faults",
			"vend",
			"prod",
			"rev",
			"switch_grp",
			"map_loads",
			"total_q_time",
			"q_timeouts",
		],
	],
	numbers: ["paths", "path_faults", "switch_grp", "map_loads", "total_q_time", "q_timeouts"],
	indent: 6,
};
const group: LineForm = {
	names: ["selector", "pri", "dm_st", "marginal_st", "group"],
	numbers: ["pri", "group"],
	indent: 9,
};
const path: LineForm = {
	names: [
		...["dev", "dev_t", "dm_st", "dev_st", "chk_st", "checker", "pri"],
		...["host_wwnn", "target_wwnn", "host_wwpn", "target_wwpn", "host_adapter", "lun_hex", "marginal_st"],
	],
	numbers: ["pri"],
	indent: 12,
};

/** Reads a whole answer; null when it is not exactly what a daemon prints. `last` is the listing before it. */
export function readDaemonListing(
	text: string,
	options: ReadingOptions,
	last: DaemonListing | null,
): DaemonListing | null {
	const head = headPattern.exec(text)?.[0];
	return head === undefined ? null : new ListingText(text, options, last).read(head.length);
}

class ListingText {
	readonly #text: string;
	readonly #options: ReadingOptions;
	readonly #last: DaemonListing | null;
	readonly #kept = new Map<string, string>();
	readonly #mapLines: MemberLines;
	readonly #groupLines: MemberLines;
	readonly #pathLines: MemberLines;
	#at = 0;
	#paths = 0;

	constructor(text: string, options: ReadingOptions, last: DaemonListing | null) {
		this.#text = text;
		this.#options = options;
		this.#last = last;
		const keep = (value: string): string => this.#keep(value);
		this.#mapLines = new MemberLines(mapForm, keep);
		this.#groupLines = new MemberLines(group, keep);
		this.#pathLines = new MemberLines(path, keep);
	}

	/** Reads the maps from `at` on. */
	read(at: number): DaemonListing | null {
		this.#at = at;
		const maps: MultipathMap[] = [];
		const places = new Map<string, MapSlice>();
		const whole = this.#list("   }", () => {
			const key = this.#twoLinesAt(this.#at);
			const place = this.#again(key) ?? this.#map();
			if (place === null || maps.length === maxMaps || this.#paths > maxPaths) return false;
			maps.push(place.map);
			places.set(key, place);
			return true;
		});
		if (!whole || !this.#take("}\n") || this.#at < this.#text.length) return null;
		return { maps, text: this.#text, places };
	}

	/** The map of the last listing, when its text is here again. */
	#again(key: string): MapSlice | null {
		const last = this.#last;
		const place = last?.places.get(key);
		if (last == null || place === undefined) return null;
		const start = this.#at;
		const end = start + place.end - place.start;
		if (this.#text.slice(start, end) !== last.text.slice(place.start, place.end)) return null;
		this.#at = end;
		this.#paths += place.paths;
		return { ...place, start, end };
	}

	#map(): MapSlice | null {
		const start = this.#at;
		const pathsBefore = this.#paths;
		this.#at = this.#mapLines.read(this.#text, start);
		if (unsoundMembers("map", this.#mapLines) !== null || !this.#take('      "path_groups": [')) return null;
		const groups: PathGroup[] = [];
		if (!this.#list("      }", () => this.#group(groups))) return null;
		const map = mapOf(this.#mapLines, groups, true, this.#options);
		return { start, end: this.#at, paths: this.#paths - pathsBefore, map };
	}

	#group(groups: PathGroup[]): boolean {
		this.#at = this.#groupLines.read(this.#text, this.#at);
		if (unsoundMembers("group", this.#groupLines) !== null || !this.#take('         "paths": ['))
			return false;
		const paths: Path[] = [];
		const whole = this.#list("         }", () => {
			this.#at = this.#pathLines.read(this.#text, this.#at);
			if (unsoundMembers("path", this.#pathLines) !== null) return false;
			if (lostMarginal(this.#groupLines, this.#pathLines)) return false;
			paths.push(pathOf(this.#pathLines));
			return true;
		});
		this.#paths += paths.length + 1;
		if (whole) groups.push(groupOf(this.#groupLines, groups.length + 1, paths));
		return whole;
	}

	/** The objects of a list up to its `]`; `close` is how one ends. False as soon as something else stands there. */
	#list(close: string, readOne: () => boolean): boolean {
		if (this.#take("]\n")) return true;
		do {
			if (!this.#take("{\n") || !readOne() || !this.#take(close)) return false;
		} while (this.#take(","));
		return this.#take("]\n");
	}

	#take(token: string): boolean {
		if (!this.#text.startsWith(token, this.#at)) return false;
		this.#at += token.length;
		return true;
	}

	#twoLinesAt(at: number): string {
		return this.#text.slice(at, this.#text.indexOf("\n", this.#text.indexOf("\n", at) + 1));
	}

	/**
	 * A copy of a string that was cut out of the text, the same for the same. A long one that is cut out refers to the
	 * whole text (V8 does so from 13 characters on) and would keep megabytes in memory for as long as its map is kept.
	 */
	#keep(value: string): string {
		if (value.length < 13) return value;
		const kept = this.#kept.get(value);
		if (kept !== undefined) return kept;
		const copy: unknown = JSON.parse(JSON.stringify(value));
		const own = typeof copy === "string" ? copy : value;
		this.#kept.set(own, own);
		return own;
	}
}
