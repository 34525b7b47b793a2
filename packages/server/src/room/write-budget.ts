import { PathkeeperError, parseTokenId } from "@pathkeeper/model";

/** How many changes somebody may make at once, and how long one of them takes to be given back, in milliseconds. */
export interface Budget {
	readonly holds: number;
	readonly refillMs: number;
}

/**
 * A change leaves some 500 bytes in the audit. `rights`, for who changes the fleet by their rights: all LUNs of the
 * largest fleet one by one in a run, and then one in two seconds, which takes 99 days to fill a store of 2 GiB. `own`,
 * for who may only change what is their own: enough for a person, and too little to fill a store in years. `sessions`,
 * for ending sessions and what else takes power away: only who has logged in spends it, never a token, so a stolen token
 * cannot keep its owner from revoking it.
 */
export const budgets = {
	rights: { holds: 5000, refillMs: 2000 },
	own: { holds: 30, refillMs: 60_000 },
	sessions: { holds: 200, refillMs: 60_000 },
} as const satisfies Record<string, Budget>;

export type BudgetKind = keyof typeof budgets;

/** Beyond, the measure that was touched longest ago is forgotten; users are no strangers, so there are few. */
const mostMeasures = 10_000;

interface Measure {
	spent: number;
	at: number;
}

/**
 * Counts the changes that users make through one server. What a token spends is not its user's: it has a measure of its
 * own, and so have all tokens of a user together, so that more tokens are not more changes. One token gets changes back
 * half as fast as all of them, so that it does not keep the others out for long.
 */
export class WriteBudget {
	readonly #now: () => number;
	/** In the order of the last touch. */
	readonly #measures = new Map<string, Measure>();

	/** `now` gives milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/**
	 * Spends one change of a user or token (its full id); gives what takes that back, or WRITES_LIMITED when none is left:
	 * then nothing is spent.
	 */
	trySpend(user: string, kind: BudgetKind): (() => void) | PathkeeperError {
		const shares = sharesOf(user, kind).map((share) => ({ ...share, spent: this.#spent(share) + 1 }));
		const waitMs = Math.max(...shares.map(({ spent, holds, refillMs }) => (spent - holds) * refillMs));
		if (waitMs > 0) {
			const seconds = Math.ceil(waitMs / 1000);
			return new PathkeeperError("WRITES_LIMITED", { user, seconds }, { retryAfterS: seconds });
		}
		for (const { key, spent } of shares) this.#keep(key, spent);
		return () => {
			for (const share of shares) this.#keep(share.key, Math.max(0, this.#spent(share) - 1));
		};
	}

	#keep(key: string, spent: number): void {
		this.#measures.delete(key);
		this.#measures.set(key, { spent, at: this.#now() });
		if (this.#measures.size <= mostMeasures) return;
		const [oldest = ""] = this.#measures.keys();
		this.#measures.delete(oldest);
	}

	/** What of the measure is not given back yet. A clock that was set back gives nothing until it is there again. */
	#spent({ key, refillMs }: Share): number {
		const measure = this.#measures.get(key);
		if (measure === undefined) return 0;
		return Math.max(0, measure.spent - Math.max(0, this.#now() - measure.at) / refillMs);
	}
}

interface Share extends Budget {
	readonly key: string;
}

function sharesOf(user: string, kind: BudgetKind): readonly Share[] {
	const { holds, refillMs } = budgets[kind];
	const token = parseTokenId(user);
	if (token === null) return [{ key: `${kind} ${user}`, holds, refillMs }];
	return [
		{ key: `${kind} ${user}`, holds, refillMs: 2 * refillMs },
		{ key: `${kind} tokens of ${token.user}`, holds, refillMs },
	];
}
