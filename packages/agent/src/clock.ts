import { setTimeout as delay } from "node:timers/promises";

/** Time as the loops see it; tests hand in one they move by hand. */
export interface Clock {
	/** Milliseconds since the epoch: what a person reads in reports. An administrator may set it back or forth. */
	now(): number;
	/** Milliseconds that only ever grow: what waits and deadlines are measured by. */
	monotonic(): number;
	/** Resolves after `ms`; rejects when the signal aborts. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	sleep: (ms, signal) => delay(ms, undefined, { signal }),
};
