import type { Queueing } from "../topology/map.ts";

/** multipathd's `polling_interval` when nobody set it, in seconds (multipath-tools libmultipath/defaults.h). */
export const defaultPollingIntervalS = 5;

/** What a source tells about queueing; null for what it does not tell. */
export interface QueueingFacts {
	/** multipathd's `queueing` column: `on`, `off`, `-`, `12 chk`, `40 sec`. */
	readonly word: string | null;
	/** Feature words of the kernel table, such as `1 queue_if_no_path`. */
	readonly features: string | null;
	/** The daemon's own `polling_interval`; null: its default of 5 s. */
	readonly pollingIntervalS?: number | null;
}

/**
 * How long a map holds I/O without a path. `on` and `off` are the daemon's word; `N chk` are N rounds of the checker;
 * `N sec` is the countdown that runs while no path is left. `-` means that no_path_retry is not set: then nobody
 * limits what the kernel's feature says. Without the daemon's word the feature alone proves only `off`, because
 * multipathd sets `queue_if_no_path` for every kind of queueing (multipath-tools libmultipath/print.c
 * snprint_queueing, structs_vec.c set_no_path_retry).
 */
export function queueingOf(facts: QueueingFacts): Queueing {
	const { word, features } = facts;
	if (word === "on") return "forever";
	if (word === "off") return "off";
	if (word === "-") {
		if (features === null) return null;
		return queuesIfNoPath(features) ? "forever" : "off";
	}
	const counted = word === null ? null : /^(\d{1,9}) (chk|sec)$/.exec(word);
	if (counted !== null) {
		const number = Number(counted[1]);
		const tick = counted[2] === "chk" ? (facts.pollingIntervalS ?? defaultPollingIntervalS) : 1;
		return { seconds: number * tick };
	}
	if (word !== null || features === null || features === "n/a") return null;
	return queuesIfNoPath(features) ? null : "off";
}

/** True when the kernel table of the map holds I/O back instead of failing it when no path is left. */
export function queuesIfNoPath(features: string): boolean {
	return features.split(/\s+/).includes("queue_if_no_path");
}
