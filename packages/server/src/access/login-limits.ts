import { PathkeeperError } from "@pathkeeper/model";
import { addressGroup, siteGroup } from "../http/address-group.ts";
import { SlowLine } from "./slow-line.ts";

/**
 * How many failed logins are let through. Each fills three buckets that leak: of the user from that address, of the
 * address, and of the user from anywhere. Strangers at many addresses must not lock a user out: where the user logged
 * in lately, only the bucket of that user from that address counts; elsewhere, a full bucket of the user means waiting
 * in a line (`SlowLine`) and not a refusal.
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

/** An attempt that may be made. */
export interface Attempt {
	/**
	 * How long to wait before it is made, in milliseconds; at most zero: no longer. Asked again after that wait, for it
	 * may have become longer. Throws LOGIN_LIMITED when others took its place.
	 */
	readonly waitMs: (waitedMs?: number) => number;
	/** It was no failed login after all. */
	readonly takeBack: () => void;
}

/** Some megabytes at most. Beyond, the bucket that was touched longest ago is forgotten. */
export const mostBuckets = 30_000;
/** From where users logged in: so many of all users, and for so long. */
const mostKnown = 10_000;
const knownForMs = 30 * 24 * 60 * 60 * 1000;

/** Counts failed logins in bounded memory, names and addresses of strangers included. */
export class LoginLimits {
	readonly #now: () => number;
	/** In the order of the last touch. */
	readonly #buckets = new Map<string, Bucket>();
	/** When a user logged in from an address, in the order of that. */
	readonly #known = new Map<string, number>();
	readonly #line: SlowLine;

	/** `now` gives milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
		this.#line = new SlowLine(now);
	}

	/**
	 * Counts an attempt as failed before it is tried, so that many at once get no further than one after the other.
	 * Throws LOGIN_LIMITED when the measure is full, and counts nothing then. `user` null: all names that nobody can
	 * have, together.
	 */
	charge(user: string | null, from: string | null): Attempt {
		const name = user ?? "?";
		const address = addressGroup(from);
		const pair = { key: `pair ${name} ${address}`, ...rules.pair };
		if (this.#isKnown(name, address)) return { waitMs: noWait, takeBack: this.#fill([pair]) };
		const near = [pair, { key: `address ${address}`, ...rules.address }];
		const whole = { key: `user ${name}`, ...rules.user };
		if (user === null) return { waitMs: noWait, takeBack: this.#fill(near) };
		if (this.#waitFor(whole) <= 0) return { waitMs: noWait, takeBack: this.#fill([...near, whole]) };
		this.#checkRoom(near);
		const { waitMs } = this.#line.enter(name, siteGroup(from));
		return { waitMs, takeBack: this.#fill(near) };
	}

	/** Somebody logged in: strangers elsewhere do not keep them from doing so again from there. */
	succeeded(user: string, from: string | null): void {
		const key = `${user} ${addressGroup(from)}`;
		this.#known.delete(key);
		this.#known.set(key, this.#now());
		const [oldest = ""] = this.#known.keys();
		if (this.#known.size > mostKnown) this.#known.delete(oldest);
	}

	/** How many buckets are kept. */
	get size(): number {
		return this.#buckets.size;
	}

	#isKnown(user: string, address: string): boolean {
		const at = this.#known.get(`${user} ${address}`);
		return at !== undefined && this.#now() - at < knownForMs;
	}

	/** Adds to all of them, or throws LOGIN_LIMITED when one is full. Gives what takes it back. */
	#fill(measures: readonly Measure[]): () => void {
		this.#checkRoom(measures);
		for (const { key, leakMs } of measures) this.#add(key, leakMs, 1);
		return () => {
			for (const { key, leakMs } of measures) this.#add(key, leakMs, -1);
		};
	}

	#checkRoom(measures: readonly Measure[]): void {
		const waitMs = Math.max(...measures.map((measure) => this.#waitFor(measure)));
		if (waitMs <= 0) return;
		const seconds = Math.ceil(waitMs / 1000);
		throw new PathkeeperError("LOGIN_LIMITED", { seconds }, { retryAfterS: seconds });
	}

	/** How long until the bucket has room for one more; at most zero: it has. */
	#waitFor({ key, holds, leakMs }: Measure): number {
		return (this.#level(key, leakMs) + 1 - holds) * leakMs;
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

const noWait = () => 0;

interface Measure {
	readonly key: string;
	readonly holds: number;
	readonly leakMs: number;
}
