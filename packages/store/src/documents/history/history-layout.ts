import { PathkeeperError } from "@pathkeeper/model";
import { below } from "../layout.ts";

/**
 * Where the log of the fleet stands. Entries stand below the day they began on (UTC), so that who wants the newest,
 * or a day, need not list them all.
 */
export const historyLayout = {
	entries: "history/",
	entriesOf: (day: string) => `history/${day}/`,
	entry: (id: string) => `history/${dayOf(timeOf(id))}/${id}`,
	/** What the log last knew of the fleet. */
	memory: "history-memory",
	/** Until when somebody watched. */
	watched: "history-watched",
	/** Which revision the store had when. */
	marks: "history-marks",
} as const;

const idPattern = /^(\d{15})-(\d{4})$/;

/** True for the id of an entry: its time in milliseconds, and a number that tells entries of one time apart. */
export function isLogId(text: string): boolean {
	return idPattern.test(text);
}

/** An id; ids sort like times, and then like numbers. */
export function logId(at: number, number: number): string {
	return `${String(Math.trunc(at)).padStart(15, "0")}-${String(number % 10_000).padStart(4, "0")}`;
}

/** `2026-11-22`, by UTC. */
export function dayOf(at: number): string {
	return new Date(at).toISOString().slice(0, 10);
}

/** The id of the entry at a key; null for a key of something else. */
export function idOf(key: string): string | null {
	const id = below(historyLayout.entries, key)?.split("/")[1];
	return id !== undefined && isLogId(id) ? id : null;
}

/** Milliseconds since the epoch. */
export function timeOf(id: string): number {
	const at = Number(idPattern.exec(id)?.[1] ?? Number.NaN);
	if (at < latestTime) return at;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { before: `'${id}' is not the id of an entry` } });
}

/** Days have four figures for the year. */
const latestTime = Date.UTC(9999, 11, 31);
