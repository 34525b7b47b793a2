import type { MultipathMap } from "../topology/map.ts";
import { quoted } from "./visible.ts";

/** `silent`: no daemon answered. `unreadable`: something answered that is not (or not wholly) a map listing. */
export type DaemonState = "ok" | "silent" | "unreadable";

/** What was understood of one answer of multipathd, live or saved to a file. */
export interface Reading {
	readonly daemon: DaemonState;
	/** What was wrong with the text, in words, in the order it was met. Empty for a clean answer. */
	readonly problems: readonly string[];
	/** Every map that was seen; one that the text breaks off in has `whole: false`. */
	readonly maps: readonly MultipathMap[];
}

/** What the reader may know from elsewhere. */
export interface ReadingOptions {
	/** The daemon's `polling_interval` in seconds, which turns `12 chk` into a time; null or absent: 5. */
	readonly pollingIntervalS?: number | null;
}

/** More than multipathd ever answers (its client library stops at 32 MiB); a longer text is not looked at. */
export const maxTextLength = 64 * 1024 * 1024;
/** More maps, groups or paths than a host can have: the text is then not taken for a listing. */
export const maxMaps = 100_000;
export const maxPaths = 1_000_000;
export const maxProblems = 100;

/** Collects problems in order and bounded in number, so that hostile input cannot grow a list without end. */
export class Problems {
	readonly #texts: string[] = [];
	#left = 0;

	add(text: string): void {
		if (this.#texts.length < maxProblems) this.#texts.push(text);
		else this.#left += 1;
	}

	all(): string[] {
		return this.#left === 0 ? [...this.#texts] : [...this.#texts, `and ${this.#left} more problems`];
	}
}

/** A reading without any map: nobody answered, or not with a listing. */
export function emptyReading(daemon: DaemonState, problem: string): Reading {
	return { daemon, problems: [problem], maps: [] };
}

/**
 * Closes a reading: a WWID that stands in it twice, and a path that stands in one map twice, are problems, because
 * then one of the two is stale and nothing in the text says which.
 */
export function closeReading(lost: boolean, problems: Problems, maps: readonly MultipathMap[]): Reading {
	const wwids = new Set<string>();
	const told = new Set<string>();
	for (const map of maps) {
		if (wwids.has(map.wwid) && !told.has(map.wwid) && map.wwid !== "") {
			problems.add(`WWID ${quoted(map.wwid, 128)} appears more than once`);
			told.add(map.wwid);
		}
		wwids.add(map.wwid);
		for (const dev of repeatedDevs(map)) {
			problems.add(`path ${quoted(dev)} appears more than once in map ${quoted(map.name, 128)}`);
		}
	}
	return { daemon: lost ? "unreadable" : "ok", problems: problems.all(), maps };
}

/** Every map of every look comes here, and nearly all have a handful of paths: those are compared as they stand. */
function repeatedDevs(map: MultipathMap): readonly string[] {
	const devs: string[] = [];
	for (const { paths } of map.groups) for (const { dev } of paths) if (dev !== "") devs.push(dev);
	if (devs.length <= 16) return devs.filter((dev, at) => devs.indexOf(dev) < at);
	const seen = new Set<string>();
	return devs.filter((dev) => seen.size === seen.add(dev).size);
}
