import { PathkeeperError } from "@pathkeeper/model";

/** How many changes somebody may make at once, and how long one of them takes to be given back, in milliseconds. */
export interface Budget {
	readonly holds: number;
	readonly refillMs: number;
}

/**
 * For who changes the fleet by their rights: all LUNs of the largest fleet one by one in a run, and then as fast as
 * one client gets answers. For who may only change what is their own: enough for a person, and too little to fill a
 * store in years (a change leaves some 500 bytes, so 1440 a day).
 */
export const budgets = {
	rights: { holds: 5000, refillMs: 50 },
	own: { holds: 30, refillMs: 60_000 },
} as const satisfies Record<string, Budget>;

/** Beyond, the measure that was touched longest ago is forgotten; users are no strangers, so there are few. */
const mostMeasures = 10_000;

interface Measure {
	spent: number;
	at: number;
}

/** Counts the changes that users make through one server. All tokens of a user spend what is the user's. */
export class WriteBudget {
	readonly #now: () => number;
	/** In the order of the last touch. */
	readonly #measures = new Map<string, Measure>();

	/** `now` gives milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Spends one change. Throws WRITES_LIMITED when none is left, and spends nothing then. */
	spend(user: string, kind: keyof typeof budgets): void {
		const { holds, refillMs } = budgets[kind];
		const key = `${kind} ${user}`;
		const spent = this.#spent(key, refillMs) + 1;
		if (spent > holds) {
			const seconds = Math.ceil(((spent - holds) * refillMs) / 1000);
			throw new PathkeeperError("WRITES_LIMITED", { values: { user, seconds }, retryAfterS: seconds });
		}
		this.#measures.delete(key);
		this.#measures.set(key, { spent, at: this.#now() });
		if (this.#measures.size <= mostMeasures) return;
		const [oldest = ""] = this.#measures.keys();
		this.#measures.delete(oldest);
	}

	/** What of the measure is not given back yet. A clock that was set back gives nothing until it is there again. */
	#spent(key: string, refillMs: number): number {
		const measure = this.#measures.get(key);
		if (measure === undefined) return 0;
		return Math.max(0, measure.spent - Math.max(0, this.#now() - measure.at) / refillMs);
	}
}
