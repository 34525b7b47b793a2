/**
 * A path that fails again and again is told once, with a count, and once more when it is steady again. HDLM calls a
 * path intermittent after three errors in thirty minutes; so do we.
 */
export const flapRules = {
	failures: 3,
	withinMs: 30 * 60_000,
	/** So long nothing happened to it: it is steady, working or failed. */
	steadyAfterMs: 10 * 60_000,
} as const;

/** What one path did lately. Paths that did the same share one of these. */
export interface Flap {
	/** Moments of the last failures, newest last. */
	readonly failures: readonly number[];
	/** How often it failed since it began to. */
	readonly count: number;
	/** When something last happened to it. */
	readonly last: number;
	/** The entry that its failures are folded into; null: it does not flap. */
	readonly series: FlapSeries | null;
}

/** Flapping paths with one cause. It is an entry of the log that is written again while it goes on. */
export interface FlapSeries {
	/** Id of the entry; null before it was written. */
	id: string | null;
	/** The port that they go through; null: not told. */
	readonly port: string | null;
	readonly since: number;
	last: number;
	/** How often the worst of its paths failed. */
	count: number;
	/** How many paths ever were in it. */
	paths: number;
	readonly nodes: Set<string>;
	readonly luns: Set<string>;
	/** True when it was changed since it was last written. */
	changed: boolean;
}

/** After a failure. `join` gives the series for a path that begins to flap. */
export function failedAgain(flap: Flap | null, at: number, join: () => FlapSeries): Flap {
	const recent = (flap?.failures ?? []).filter((time) => at - time < flapRules.withinMs);
	const failures = [...recent, at].slice(-flapRules.failures);
	const series = flap?.series ?? (failures.length >= flapRules.failures ? join() : null);
	const count = flap?.series ? flap.count + 1 : failures.length;
	return { failures, count, last: at, series };
}

/** After anything else that happened to it. */
export function movedAgain(flap: Flap, at: number): Flap {
	return { ...flap, last: at };
}

/** What is left of it when time passes: null when it is steady, and forgotten. */
export function calmed(flap: Flap, at: number): Flap | null {
	const patience = flap.series === null ? flapRules.withinMs : flapRules.steadyAfterMs;
	return at - flap.last >= patience ? null : flap;
}
