import { backoffMs, PathkeeperError, pause, type Runtime } from "@pathkeeper/model";
import type { ChangeSet, Entry, Store } from "../store.ts";

/** All that stands below a prefix at one revision, ordered by key. */
export interface Snapshot {
	readonly revision: bigint;
	readonly entries: readonly Entry[];
}

export interface WatchOptions {
	readonly signal: AbortSignal;
	/** Told of each failure to reach the store, and null when it is reached again. The last snapshot stays valid to show. */
	readonly onProblem?: (problem: unknown) => void;
	readonly runtime: Pick<Runtime, "monotonic" | "sleep">;
}

const pauses = { firstMs: 100, longestMs: 10_000 };

/**
 * What stands below a prefix, first now and then whenever it changed: level, not edge. Snapshots are of one revision
 * and never go back; who takes them slowly gets the newest, not each. Store errors and compaction lead to a new
 * listing, after pauses that grow. Ends when the signal aborts, and only then.
 */
export async function* watchPrefix(
	store: Store,
	prefix: string,
	options: WatchOptions,
): AsyncGenerator<Snapshot, void, void> {
	const stop = new AbortController();
	const signal = AbortSignal.any([options.signal, stop.signal]);
	const level = new Level();
	const following = follow(store, prefix, level, { ...options, signal });
	const wake = () => level.changed();
	signal.addEventListener("abort", wake);
	try {
		while (!signal.aborted) {
			const snapshot = level.take();
			if (snapshot) yield snapshot;
			else await level.nextChange();
		}
	} finally {
		stop.abort();
		await following;
	}
}

/** Keeps a level true until the signal aborts; never throws. */
async function follow(store: Store, prefix: string, level: Level, options: WatchOptions): Promise<void> {
	const { signal, onProblem, runtime } = options;
	let failures = 0;
	let troubled = false;
	while (!signal.aborted) {
		const began = runtime.monotonic();
		try {
			const listing = await store.list(prefix);
			if (troubled) onProblem?.(null);
			troubled = false;
			level.set(listing);
			for await (const changeSet of store.watch(prefix, listing.revision, signal)) {
				level.apply(changeSet);
			}
			if (!signal.aborted) throw new Error("the watch ended");
		} catch (error) {
			if (signal.aborted) return;
			// It held for a while: this is new trouble, not more of the same.
			if (runtime.monotonic() - began > pauses.longestMs) failures = 0;
			// Falling behind is no fault of the store: listing again is the whole remedy.
			if (!isCompacted(error)) {
				troubled = true;
				onProblem?.(error);
			}
			await pause(backoffMs(pauses, ++failures), runtime, signal);
		}
	}
}

function isCompacted(error: unknown): boolean {
	return error instanceof PathkeeperError && error.code === "STORE_COMPACTED";
}

/** Entries of a prefix as last heard, and whether anybody took them since. */
class Level {
	#entries = new Map<string, Entry>();
	#revision = -1n;
	#fresh = false;
	#heard = Promise.withResolvers<void>();

	set({ revision, entries }: Snapshot): void {
		// A store behind us (a lagging member, a restored copy) is believed: what it lists is what holds from now on.
		const same =
			this.#revision >= 0n &&
			entries.length === this.#entries.size &&
			entries.every(({ key, revision: at }) => this.#entries.get(key)?.revision === at);
		this.#revision = revision;
		if (same) return;
		this.#entries = new Map(entries.map((entry) => [entry.key, entry]));
		this.#fresh = true;
		this.changed();
	}

	apply({ revision, changes }: ChangeSet): void {
		for (const change of changes) {
			if (change.type === "put") this.#entries.set(change.entry.key, change.entry);
			else this.#entries.delete(change.key);
		}
		this.#revision = revision;
		this.#fresh = true;
		this.changed();
	}

	/** The level when it changed since the last call, else null. */
	take(): Snapshot | null {
		if (!this.#fresh) return null;
		this.#fresh = false;
		const entries = [...this.#entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
		return { revision: this.#revision, entries };
	}

	changed(): void {
		this.#heard.resolve();
		this.#heard = Promise.withResolvers<void>();
	}

	async nextChange(): Promise<void> {
		await this.#heard.promise;
	}
}
