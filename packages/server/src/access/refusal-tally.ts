/**
 * Refused requests and failed logins, as audit records: one with a count for each name, address block and minute.
 * Strangers choose names and addresses, so all together get no more than so many records an hour and a day, and one
 * source a part of them; what goes beyond is one record an hour, with its count. What strangers do never uses up what is
 * there for known callers.
 * Records are gathered and written together, so that no request of a stranger is a transaction.
 */
import { ownerOf, pause, type Runtime } from "@pathkeeper/model";
import { auditWrite, type Store, storeLimits } from "@pathkeeper/store";
import { addressBlock } from "../http/address-group.ts";

/** Something that was refused. */
export interface Refusal {
	readonly what: "login.failed" | "login.limited" | "refused.credentials" | "refused.permission";
	/** Null: no known user. A name of somebody's making is never kept. */
	readonly user: string | null;
	readonly from: string | null;
	/** True: it is certain that this is the user. */
	readonly proven: boolean;
	/** What was asked for, as `PUT /access/acl`. */
	readonly subject: string;
	readonly detail: string;
}

/** How many records are made in an hour and on a day (UTC). */
interface Ceiling {
	readonly hour: number;
	readonly day: number;
}

export const refusalCeilings = {
	/** Of proven callers, and of all others, each. */
	all: { hour: 120, day: 600 },
	/** Of one proven user, and of one address block of others. */
	source: { hour: 30, day: 150 },
} as const satisfies Readonly<Record<string, Ceiling>>;
/** Sources that are told apart; beyond, the one that came first is forgotten. */
const mostSources = 1000;

/** Names of a record that stands for many. */
const unknownName = "unknown";
const various = "various";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const flushEveryMs = minuteMs;
/** A record names so many different things that were asked for, and reasons. */
const mostNamed = 3;
const longestNamed = 120;

interface Gathered {
	readonly first: number;
	/** No more is added to it from this moment on. */
	readonly over: number;
	readonly by: string;
	readonly block: string | null;
	readonly what: Refusal["what"];
	readonly subjects: Set<string>;
	readonly details: Set<string>;
	/** Tells the record from others of its time; written again, it takes the place of what it was. */
	readonly unique: string;
	last: number;
	count: number;
	isWritten: boolean;
}

export interface TallyOptions {
	readonly store: Store;
	readonly runtime: Runtime;
}

export class RefusalTally {
	readonly #options: TallyOptions;
	readonly #gathered = new Map<string, Gathered>();
	readonly #budgets = { proven: new Budgets(), others: new Budgets() };
	#flushing: Promise<void> = Promise.resolve();

	constructor(options: TallyOptions) {
		this.#options = options;
	}

	/** Counts one. Holds no more than the ceilings allow, whoever asks however often. */
	note(refusal: Refusal): void {
		const now = this.#options.runtime.now();
		const gathered = this.#gatheredFor(refusal, now);
		gathered.count++;
		gathered.last = Math.max(gathered.last, now);
		gathered.isWritten = false;
		addUpTo(gathered.subjects, refusal.subject);
		addUpTo(gathered.details, refusal.detail);
	}

	/** How many records are held here. */
	get size(): number {
		return this.#gathered.size;
	}

	/** Writes what was counted since the last time. Throws what the store throws; it is written the next time then. */
	async flush(): Promise<void> {
		const before = this.#flushing;
		const flushing = before.catch(() => undefined).then(() => this.#write());
		this.#flushing = flushing;
		await flushing;
	}

	/** Writes once a minute until the signal aborts, and then once more. `onFault` is told when that fails. */
	async run(signal: AbortSignal, onFault: (error: unknown, where: string) => void): Promise<void> {
		do {
			await pause(flushEveryMs, this.#options.runtime, signal);
			await this.flush().catch((error: unknown) => onFault(error, "audit of refusals"));
		} while (!signal.aborted);
	}

	#gatheredFor({ what, user, from, proven }: Refusal, now: number): Gathered {
		const by = user ?? unknownName;
		const block = addressBlock(from);
		const minute = Math.floor(now / minuteMs) * minuteMs;
		const key = `${what} ${by} ${block} ${proven} ${minute}`;
		const found = this.#gathered.get(key);
		if (found !== undefined) return found;
		const isLeft = proven
			? this.#budgets.proven.take(ownerOf(by) ?? by, now)
			: this.#budgets.others.take(block ?? "", now);
		if (isLeft) return this.#begin(key, { what, by, block, first: now, over: minute + minuteMs });
		const hour = Math.floor(now / hourMs) * hourMs;
		const rest = `${what} rest ${proven} ${hour}`;
		const folded = { what, by: various, block: various, first: now, over: hour + hourMs };
		return this.#gathered.get(rest) ?? this.#begin(rest, folded);
	}

	#begin(key: string, about: Pick<Gathered, "what" | "by" | "block" | "first" | "over">): Gathered {
		const gathered: Gathered = {
			...about,
			subjects: new Set(),
			details: new Set(),
			unique: this.#options.runtime.uuid(),
			last: about.first,
			count: 0,
			isWritten: false,
		};
		this.#gathered.set(key, gathered);
		return gathered;
	}

	async #write(): Promise<void> {
		const now = this.#options.runtime.now();
		const news = [...this.#gathered.values()].filter(({ isWritten }) => !isWritten);
		for (let at = 0; at < news.length; at += storeLimits.txnWrites) {
			const some = news.slice(at, at + storeLimits.txnWrites);
			const counts = some.map(({ count }) => count);
			await this.#options.store.txn({ writes: some.map(writeOf) });
			for (const [n, gathered] of some.entries()) gathered.isWritten = gathered.count === counts[n];
		}
		for (const [key, { isWritten, over }] of this.#gathered)
			if (isWritten && over <= now) this.#gathered.delete(key);
	}
}

function writeOf({ first, last, by, block, what, subjects, details, unique, count }: Gathered) {
	const about = { subject: [...subjects].join(", "), detail: [...details].join(", ") };
	const times = count === 1 ? {} : { count, until: last };
	return auditWrite(
		{ at: first, by, from: block, what, ...about, ...times, before: null, after: null },
		unique,
	);
}

function addUpTo(names: Set<string>, name: string): void {
	if (name === "" || names.has(name) || names.size > mostNamed) return;
	names.add(names.size === mostNamed ? "and others" : name.slice(0, longestNamed).toWellFormed());
}

/** What is left for each source, and for all of them together. */
class Budgets {
	readonly #all = new Budget(refusalCeilings.all);
	readonly #sources = new Map<string, Budget>();

	/** False: there is none left. */
	take(source: string, now: number): boolean {
		const own = this.#sources.get(source) ?? new Budget(refusalCeilings.source);
		this.#sources.set(source, own);
		const [first] = this.#sources.keys();
		if (this.#sources.size > mostSources && first !== undefined) this.#sources.delete(first);
		if (!own.isLeft(now) || !this.#all.isLeft(now)) return false;
		own.use();
		this.#all.use();
		return true;
	}
}

class Budget {
	readonly #spans: readonly { readonly ms: number; readonly most: number; from: number; used: number }[];

	constructor({ hour, day }: Ceiling) {
		this.#spans = [
			{ ms: hourMs, most: hour, from: 0, used: 0 },
			{ ms: dayMs, most: day, from: 0, used: 0 },
		];
	}

	isLeft(now: number): boolean {
		for (const span of this.#spans) {
			const from = Math.floor(now / span.ms) * span.ms;
			if (span.from === from) continue;
			span.from = from;
			span.used = 0;
		}
		return this.#spans.every(({ used, most }) => used < most);
	}

	use(): void {
		for (const span of this.#spans) span.used++;
	}
}
