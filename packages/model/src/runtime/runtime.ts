/**
 * Everything that makes two runs of the same code differ: time, waiting, chance, and the number of the process. All of it
 * comes in as an argument and there is no default, so that a whole fleet can run in one deterministic world. Only
 * `packages/pathkeeper` makes the real one; `scripts/runtime-reads.ts` finds whoever goes past it.
 */

/** Two kinds of time, both in milliseconds. */
export interface Clock {
	/** Since the epoch: what people read. An administrator may set it forward or back. */
	now(): number;
	/** Only ever grows: what pauses and deadlines are measured by. Its zero means nothing. */
	monotonic(): number;
}

/** Part of an AbortSignal: the type of the platform's own is not known in code that runs in Node and in a browser. */
export interface StopSignal {
	readonly aborted: boolean;
	readonly reason: unknown;
	addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
	removeEventListener(type: "abort", listener: () => void): void;
}

/** Waiting. */
export interface Timers {
	/** Resolves after `ms` milliseconds, and keeps the process running until then. Rejects with the signal's reason. */
	sleep(ms: number, signal?: StopSignal): Promise<void>;
	/** Runs once after `ms` milliseconds; the returned function cancels it. Does not keep the process running. */
	schedule(ms: number, run: () => void): () => void;
	/** Resolves after everything that has already arrived (input, output, timers that are due) was handled. */
	turn(): Promise<void>;
}

/** Where secrets and ids come from; must not be predictable. */
export interface Randomness {
	bytes(count: number): Uint8Array;
	/** A random UUID (RFC 9562 version 4) in lower case, with 122 random bits. */
	uuid(): string;
}

export interface Runtime extends Clock, Timers, Randomness {
	/** Process id, by which other processes of this host can ask whether this one still runs. */
	readonly pid: number;
}

/** A random whole number from 0 to `limit` - 1. `limit` is at most 2^32. */
export function randomBelow(limit: number, random: Pick<Randomness, "bytes">): number {
	const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
	return Math.floor(((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32) * limit);
}

/** As `sleep`, but resolves when the signal aborts too. */
export async function pause(ms: number, timers: Pick<Timers, "sleep">, signal: StopSignal): Promise<void> {
	await timers.sleep(ms, signal).catch(() => undefined);
}
