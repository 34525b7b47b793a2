import { accessEntry, auditKindOf, type LogDraft, pause, type Timers } from "@pathkeeper/model";
import {
	auditPrefix,
	auditRecordFrom,
	type Entry,
	type KeptAuditRecord,
	readLog,
	type Store,
} from "@pathkeeper/store";

const pauseMs = 1000;
/** As many entries as the log keeps. */
const mostCompared = 20_000;

/**
 * What changed in access control since a revision, from the audit. Every change of access has its record, so nothing is
 * lost whoever was there to see it.
 */
export class AccessHistory {
	readonly #store: Store;
	#pending: KeptAuditRecord[] = [];
	#seen: bigint;

	private constructor(store: Store, seen: bigint) {
		this.#store = store;
		this.#seen = seen;
	}

	/** `told`: up to which revision it is told already; undefined: what is there is nobody's change. */
	static async begin(store: Store, told: number | undefined): Promise<AccessHistory> {
		const { revision, entries } = await store.list(auditPrefix);
		// A store that was restored from a copy counts from somewhere else.
		const isKnown = told !== undefined && BigInt(told) <= revision;
		const history = new AccessHistory(store, isKnown ? BigInt(told) : revision);
		if (history.#note(entries, revision)) await history.#dropTold();
		return history;
	}

	/** Notes what happens until the signal aborts, and calls `onNews`; never throws. */
	async follow(timers: Pick<Timers, "sleep">, signal: AbortSignal, onNews: () => void): Promise<void> {
		while (!signal.aborted) {
			try {
				for await (const { changes, revision } of this.#store.watch(auditPrefix, this.#seen, signal)) {
					const written = changes.flatMap((change) => (change.type === "put" ? [change.entry] : []));
					if (this.#note(written, revision)) onNews();
				}
			} catch {
				// What was missed is read from a listing, once the store answers again.
			}
			await pause(pauseMs, timers, signal);
			const listing = signal.aborted ? null : await this.#store.list(auditPrefix).catch(() => null);
			if (listing !== null && this.#note(listing.entries, listing.revision)) onNews();
		}
	}

	/** What there is to tell, oldest first, and up to which revision it is told then. */
	take(): { readonly drafts: readonly LogDraft[]; readonly revision: number } {
		const drafts = this.#pending.map(accessEntry);
		this.#pending = [];
		return { drafts, revision: Number(this.#seen) };
	}

	/** A copy of a store has revisions of its own: what the log has already is not told again. */
	async #dropTold(): Promise<void> {
		const times = this.#pending.map(({ at }) => at);
		const span = { since: Math.min(...times), until: Math.max(...times) };
		const log = await readLog(this.#store, { ...span, kind: "access", limit: mostCompared });
		const told = new Set(log.entries.map(({ at, text }) => `${at} ${text}`));
		this.#pending = this.#pending.filter((record) => !told.has(`${record.at} ${accessEntry(record).text}`));
	}

	/** True when there is something new to tell. */
	#note(entries: readonly Entry[], revision: bigint): boolean {
		const news = entries
			.filter((entry) => entry.revision > this.#seen)
			.flatMap((entry) => auditRecordFrom(entry) ?? [])
			.filter(({ what }) => auditKindOf(what) === "access");
		this.#pending.push(...news);
		this.#seen = revision;
		return news.length > 0;
	}
}
