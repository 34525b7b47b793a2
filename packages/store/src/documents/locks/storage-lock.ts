import { messageOf, PathkeeperError, type Runtime } from "@pathkeeper/model";
import type { Store } from "../../store.ts";
import { HeldLock, readLockHolder } from "./held-lock.ts";

export interface StorageLockOptions {
	/** Who asks, for people: node and task. */
	readonly holder: string;
	/** What is locked, which several storages may share; the storage when it is not given. */
	readonly lockName?: string;
	readonly signal: AbortSignal;
	readonly runtime: Pick<Runtime, "monotonic" | "sleep">;
	/** Called once when somebody else holds the lock, with their name. */
	readonly onWait?: (holder: string) => void;
	/** Milliseconds that a lock outlives its holder. */
	readonly ttlMs?: number;
}

/** Longer than LVM is given for one change: a holder that was cut off has stopped before its lock is free. */
const ttlMs = 60_000;
/** How long the lock is waited for, in milliseconds: longer than a dead holder keeps it. */
const waitMs = 90_000;
const lookEveryMs = 200;

/**
 * Does work while no other node of the fleet changes a storage. The lock hangs on a lease, so a holder that died frees
 * it. `work` gets a signal that aborts when the lock could not be renewed for a quarter of its time to live: what runs
 * then still has the rest to end, and nothing further may be begun. Errors: STORAGE_LOCKED, naming the holder;
 * STORAGE_LOCK_LOST; the reason of the signal; whatever the work throws.
 */
export async function withStorageLock<T>(
	store: Store,
	storage: string,
	options: StorageLockOptions,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const { lock, takenAt } = await takeInTime(store, storage, options);
	const stop = new AbortController();
	const ended = new AbortController();
	const kept = keep(lock, storage, { ...options, takenAt, stop, ended: ended.signal });
	try {
		return await work(AbortSignal.any([options.signal, stop.signal]));
	} finally {
		ended.abort();
		await kept;
		await lock.release();
	}
}

async function takeInTime(store: Store, storage: string, options: StorageLockOptions) {
	const name = storageLockName(options.lockName ?? storage);
	const { holder, runtime, signal } = options;
	const begun = runtime.monotonic();
	let told = false;
	for (;;) {
		signal.throwIfAborted();
		const takenAt = runtime.monotonic();
		const lock = await HeldLock.take(store, name, holder, options.ttlMs ?? ttlMs);
		if (lock !== null) return { lock, takenAt };
		const other = (await readLockHolder(store, name)) ?? "somebody";
		if (!told) options.onWait?.(other);
		told = true;
		if (runtime.monotonic() - begun >= waitMs)
			throw new PathkeeperError("STORAGE_LOCKED", { storage, holder: other, seconds: waitMs / 1000 });
		await runtime.sleep(lookEveryMs, signal);
	}
}

/** Fleet-wide name of the lock of a storage or of what it stands on; ids differ by more than case. */
export function storageLockName(storage: string): string {
	return `storage-${storage.toLowerCase()}`;
}

interface Keeping extends StorageLockOptions {
	/** Monotonic milliseconds from which the lease can run at the earliest. */
	readonly takenAt: number;
	readonly stop: AbortController;
	readonly ended: AbortSignal;
}

async function keep(lock: HeldLock, storage: string, options: Keeping): Promise<void> {
	const { runtime, stop, ended } = options;
	let renewedAt = options.takenAt;
	let problem = "it was not renewed in time";
	for (;;) {
		const left = () => renewedAt + lock.ttlMs / 4 - runtime.monotonic();
		try {
			if (left() > 0) await runtime.sleep(Math.min(lock.ttlMs / 12, left()), ended);
			const at = runtime.monotonic();
			await within(lock.keepAlive(), left(), options);
			renewedAt = at;
		} catch (error) {
			if (error !== overdue) problem = messageOf(error);
		}
		if (ended.aborted) return;
		if (!lock.lost.aborted && left() > 0) continue;
		stop.abort(new PathkeeperError("STORAGE_LOCK_LOST", { storage, problem }));
		return;
	}
}

const overdue = new Error("no answer in time");

/** A store that does not answer must not keep anybody from noticing that time is up. Throws `overdue`. */
async function within(asked: Promise<void>, ms: number, { runtime, ended }: Keeping): Promise<void> {
	const answered = new AbortController();
	const timeUp = async () => {
		await runtime.sleep(Math.max(ms, 0), AbortSignal.any([ended, answered.signal]));
		throw overdue;
	};
	try {
		await Promise.race([asked, timeUp()]);
	} finally {
		answered.abort();
		asked.catch(() => undefined);
	}
}
