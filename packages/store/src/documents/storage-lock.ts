import { PathkeeperError } from "@pathkeeper/model";
import type { Store } from "../store.ts";
import { HeldLock, readLockHolder } from "./history/held-lock.ts";

export interface StorageLockOptions {
	/** Who asks, for people: node and task. */
	readonly holder: string;
	readonly signal: AbortSignal;
	/** Monotonic milliseconds. */
	readonly now: () => number;
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Called once when somebody else holds the lock, with their name. */
	readonly onWait?: (holder: string) => void;
	/** Milliseconds that a lock outlives its holder. */
	readonly ttlMs?: number;
	/** Milliseconds that are waited for it. */
	readonly waitMs?: number;
}

/** Longer than LVM is given for one change: a holder that was cut off has stopped before its lock is free. */
const ttlMs = 60_000;
/** Longer than a dead holder keeps it. */
const waitMs = 90_000;
const lookEveryMs = 200;

/**
 * Does work while no other node of the fleet changes a storage. The lock hangs on a lease, so a holder that died frees
 * it. `work` gets a signal that aborts when the lock could not be renewed for half its time to live: what runs then
 * still has the other half to end, and nothing further may be begun. Errors: STORAGE_LOCKED, naming the holder;
 * STORAGE_LOCK_LOST; the reason of the signal; whatever the work throws.
 */
export async function withStorageLock<T>(
	store: Store,
	storage: string,
	options: StorageLockOptions,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const lock = await takeInTime(store, storage, options);
	const stop = new AbortController();
	const ended = new AbortController();
	const kept = keep(lock, storage, { ...options, stop, ended: ended.signal });
	try {
		return await work(AbortSignal.any([options.signal, stop.signal]));
	} finally {
		ended.abort();
		await kept;
		await lock.release();
	}
}

async function takeInTime(store: Store, storage: string, options: StorageLockOptions): Promise<HeldLock> {
	const name = storageLockName(storage);
	const { holder, now, sleep, signal } = options;
	const begun = now();
	let told = false;
	for (;;) {
		signal.throwIfAborted();
		const lock = await HeldLock.take(store, name, holder, options.ttlMs ?? ttlMs);
		if (lock !== null) return lock;
		const other = (await readLockHolder(store, name)) ?? "somebody";
		if (!told) options.onWait?.(other);
		told = true;
		const limit = options.waitMs ?? waitMs;
		if (now() - begun >= limit)
			throw new PathkeeperError("STORAGE_LOCKED", {
				values: { storage, holder: other, seconds: limit / 1000 },
			});
		await sleep(lookEveryMs, signal);
	}
}

/** Fleet-wide name of the lock of a storage; ids differ by more than case. */
export function storageLockName(storage: string): string {
	return `storage-${storage.toLowerCase()}`;
}

async function keep(
	lock: HeldLock,
	storage: string,
	{
		now,
		sleep,
		stop,
		ended,
	}: StorageLockOptions & { readonly stop: AbortController; readonly ended: AbortSignal },
): Promise<void> {
	let renewedAt = now();
	let problem = "it was not renewed in time";
	while (!ended.aborted) {
		try {
			await sleep(lock.ttlMs / 10, ended);
			const at = now();
			await lock.keepAlive();
			renewedAt = at;
		} catch (error) {
			if (ended.aborted) return;
			problem = error instanceof Error ? error.message : String(error);
		}
		if (!lock.lost.aborted && now() - renewedAt < lock.ttlMs / 2) continue;
		stop.abort(new PathkeeperError("STORAGE_LOCK_LOST", { values: { storage, problem } }));
		return;
	}
}
