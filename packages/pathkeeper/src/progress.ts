/**
 * Whether the loops of the daemon get on. Each says so itself, at every round and at every step of a long one; whoever
 * looks is told of those that have not done so for longer than they may.
 */
import type { Pulse, Pulses } from "@pathkeeper/agent";

/** A loop that does not get on. */
export interface StandingLoop {
	readonly loop: string;
	/** Milliseconds since it last did. */
	readonly forMs: number;
}

interface State {
	/** Null while it rests; times are those that were lived through, see below. */
	due: { readonly since: number; readonly until: number } | null;
}

/**
 * Time counts only as far as it was lived through: a process or a machine that stood still as a whole, and so could
 * not look either, is no reason to say that its loops stood still.
 */
export class Progress implements Pulses {
	readonly #monotonic: () => number;
	readonly #everyMs: number;
	readonly #loops = new Map<string, State>();
	#lived = 0;
	#lookedAt: number;

	/** `everyMs`: how often `look` is called. */
	constructor(monotonic: () => number, everyMs: number) {
		this.#monotonic = monotonic;
		this.#everyMs = everyMs;
		this.#lookedAt = monotonic();
	}

	loop(name: string, longestMs: number): Pulse {
		const state: State = { due: null };
		this.#loops.set(name, state);
		return {
			beat: (waitMs = 0) => {
				const since = this.#now();
				state.due = { since, until: since + waitMs + longestMs };
			},
			rest: () => {
				state.due = null;
			},
		};
	}

	/** The loops that do not get on. Call it every `everyMs`. */
	look(): readonly StandingLoop[] {
		this.#lived = this.#now();
		this.#lookedAt = this.#monotonic();
		return [...this.#loops].flatMap(([loop, { due }]) =>
			due !== null && this.#lived > due.until ? [{ loop, forMs: this.#lived - due.since }] : [],
		);
	}

	#now(): number {
		return this.#lived + Math.min(this.#monotonic() - this.#lookedAt, 2 * this.#everyMs);
	}
}
