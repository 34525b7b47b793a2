/**
 * Writes the log of the fleet. Every server runs one of these; the one that holds the lock writes, and when it ends
 * or is cut off another takes over within the time of a lease. Entries and what was last known are written in one
 * transaction, so that whatever dies, nothing is told twice and what happened meanwhile is told later.
 */
import { PathkeeperError, pause, type Timers } from "@pathkeeper/model";
import { HeldLock, keptHistory, untilLockFree } from "@pathkeeper/store";
import type { HistoryOptions, HistorySettings } from "./history-options.ts";
import { LogKeeper } from "./log-keeper.ts";
import { makeRoom, StoreKeeper } from "./store-keeper.ts";

const lockName = "history";
const usualAuditDays = 365;
const pauseMs = 2000;
/** Time between two checks of how full the store is, in milliseconds. */
const roundMs = 10_000;

/** Runs until the signal aborts; never throws. */
export async function runHistory(options: HistoryOptions, signal: AbortSignal): Promise<void> {
	const settings: HistorySettings = {
		bounds: keptHistory,
		auditDays: usualAuditDays,
		lockMs: 10_000,
		windowMs: 2000,
		graceMs: 20_000,
		...options,
	};
	while (!signal.aborted) {
		try {
			await turn(settings, signal);
		} catch (error) {
			if (signal.aborted) return;
			if (!isLost(error)) settings.onFault(error, "history");
			if (isFull(error))
				await makeRoom(settings).catch((fault) => settings.onFault(fault, "history: no space"));
			await pause(pauseMs, settings.runtime, signal);
		}
	}
}

/** Waits for the lock, and writes as long as it is held. */
async function turn(settings: HistorySettings, signal: AbortSignal): Promise<void> {
	const { store, holder, lockMs } = settings;
	const lock = await HeldLock.take(store, lockName, holder, lockMs);
	if (lock === null) {
		await untilLockFree(store, lockName, settings.runtime, signal);
		return;
	}
	const over = new AbortController();
	const until = AbortSignal.any([over.signal, lock.lost]);
	const kept = [
		keepAlive(lock, settings.runtime, until),
		tend(settings, lock, AbortSignal.any([signal, until])),
	];
	try {
		await using keeper = await LogKeeper.begin(settings, lock, AbortSignal.any([signal, lock.lost]));
		await keeper.run();
	} finally {
		settings.pulse?.rest();
		over.abort();
		await Promise.all(kept);
		await lock.release();
	}
}

async function keepAlive(lock: HeldLock, timers: Pick<Timers, "sleep">, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		await pause(lock.ttlMs / 3, timers, signal);
		// A lock that cannot be kept shows in `lost`.
		if (!signal.aborted) await lock.keepAlive().catch(() => undefined);
	}
}

/** Keeps the store small, round by round; never throws. */
async function tend(settings: HistorySettings, lock: HeldLock, signal: AbortSignal): Promise<void> {
	let keeper: StoreKeeper | null = null;
	while (!signal.aborted) {
		try {
			keeper ??= await StoreKeeper.begin(settings, lock);
			await keeper.round();
		} catch (error) {
			if (!signal.aborted && !isLost(error)) settings.onFault(error, "history: keeping the store small");
		}
		await pause(roundMs, settings.runtime, signal);
	}
}

function isFull(error: unknown): boolean {
	return error instanceof PathkeeperError && error.code === "STORE_FULL";
}

function isLost(error: unknown): boolean {
	return error instanceof PathkeeperError && error.code === "STORE_LEASE_LOST";
}
