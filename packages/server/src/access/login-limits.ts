import { PathkeeperError } from "@pathkeeper/model";
import { addressGroup } from "./address-group.ts";

/**
 * How many failed logins are let through. Each fills three buckets that leak: of the user from that address, of the
 * address, and of the user from anywhere. The last is wide, so that strangers at a few addresses cannot lock a user
 * out; many addresses together still get no more than some thousand guesses a day.
 */
const rules = {
	pair: { holds: 5, leakMs: 30_000 },
	address: { holds: 20, leakMs: 10_000 },
	user: { holds: 60, leakMs: 10_000 },
} as const;

interface Bucket {
	level: number;
	at: number;
}

/** Some megabytes at most. Beyond, the bucket that was touched longest ago is forgotten. */
export const mostBuckets = 30_000;

/** Counts failed logins in bounded memory, names and addresses of strangers included. */
export class LoginLimits {
	readonly #now: () => number;
	/** In the order of the last touch. */
	readonly #buckets = new Map<string, Bucket>();

	/** `now` gives milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/**
	 * Counts an attempt as failed before it is tried, so that many at once get no further than one after the other.
	 * Gives what takes it back when it succeeds. Throws LOGIN_LIMITED when the measure is full, and counts nothing then.
	 * `user` null: all names that nobody can have, together.
	 */
	charge(user: string | null, from: string | null): () => void {
		const name = user ?? "?";
		const address = addressGroup(from);
		const filled = [
			{ key: `pair ${name} ${address}`, ...rules.pair },
			{ key: `address ${address}`, ...rules.address },
			...(user === null ? [] : [{ key: `user ${name}`, ...rules.user }]),
		];
		const waits = filled.map(({ key, holds, leakMs }) => (this.#level(key, leakMs) + 1 - holds) * leakMs);
		const waitMs = Math.max(...waits);
		if (waitMs > 0)
			throw new PathkeeperError("LOGIN_LIMITED", { values: { seconds: Math.ceil(waitMs / 1000) } });
		for (const { key, leakMs } of filled) this.#add(key, leakMs, 1);
		return () => {
			for (const { key, leakMs } of filled) this.#add(key, leakMs, -1);
		};
	}

	/** How many buckets are kept. */
	get size(): number {
		return this.#buckets.size;
	}

	#level(key: string, leakMs: number): number {
		const bucket = this.#buckets.get(key);
		if (bucket === undefined) return 0;
		// A clock that was set back leaks nothing until it is there again.
		return Math.max(0, bucket.level - Math.max(0, this.#now() - bucket.at) / leakMs);
	}

	#add(key: string, leakMs: number, amount: number): void {
		const level = Math.max(0, this.#level(key, leakMs) + amount);
		this.#buckets.delete(key);
		if (level === 0) return;
		this.#buckets.set(key, { level, at: this.#now() });
		if (this.#buckets.size <= mostBuckets) return;
		const [oldest] = this.#buckets.keys();
		if (oldest !== undefined) this.#buckets.delete(oldest);
	}
}
