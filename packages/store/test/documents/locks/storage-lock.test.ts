import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { HeldLock } from "../../../src/documents/locks/held-lock.ts";
import {
	type StorageLockOptions,
	storageLockName,
	withStorageLock,
} from "../../../src/documents/locks/storage-lock.ts";
import type { Lease, Store } from "../../../src/store.ts";
import { storePerTest } from "../document-store.ts";

const shared = storePerTest();

/** Time that passes by waiting alone: each sleep moves the clock and the leases of the store. */
function options(more: Partial<StorageLockOptions> = {}): StorageLockOptions {
	return {
		holder: "n1 (UPID:n1)",
		signal: new AbortController().signal,
		runtime: {
			monotonic: () => shared.timing.monotonic(),
			sleep: async (ms, signal) => {
				await new Promise((resolve) => setImmediate(resolve));
				if (signal?.aborted === true) throw signal.reason;
				shared.timing.advance(ms);
			},
		},
		...more,
	};
}

const refuse = (): Promise<void> =>
	Promise.reject(new PathkeeperError("STORE_UNAVAILABLE", { problem: "cut off" }));

/** A store whose leases are not kept alive any more once `dead` says so. */
function cutOff(store: Store, dead: () => boolean, keepAlive = refuse): Store {
	const cut = (lease: Lease): Lease => ({
		id: lease.id,
		ttlMs: lease.ttlMs,
		lost: lease.lost,
		keepAlive: () => (dead() ? keepAlive() : lease.keepAlive()),
		revoke: () => (dead() ? Promise.resolve() : lease.revoke()),
	});
	return {
		get: (key) => store.get(key),
		list: (prefix) => store.list(prefix),
		txn: (txn) => store.txn(txn),
		watch: (prefix, from, signal) => store.watch(prefix, from, signal),
		lease: async (ttlMs) => cut(await store.lease(ttlMs)),
		compact: (revision) => store.compact(revision),
		space: () => store.space(),
		close: () => store.close(),
	};
}

describe("the lock of a storage", () => {
	test("is held while the work lasts, and free after it, whatever became of it", async () => {
		const take = () => HeldLock.take(shared.store, storageLockName("Data"), "other", 60_000);
		await withStorageLock(shared.store, "data", options(), async () => {
			expect(await take()).toBeNull();
		});
		const failing = withStorageLock(shared.store, "data", options(), () => Promise.reject(new Error("full")));
		await expect(failing).rejects.toThrow("full");
		expect(await take()).not.toBeNull();
	});

	test("is kept for as long as the work lasts", async () => {
		await withStorageLock(shared.store, "data", options(), async (signal) => {
			for (let passed = 0; passed < 300_000; passed += 5_000) {
				shared.timing.advance(5_000);
				await new Promise((resolve) => setImmediate(resolve));
				await new Promise((resolve) => setImmediate(resolve));
			}
			expect(signal.aborted).toBe(false);
		});
	});

	test("of a dead holder is waited for and taken over", async () => {
		await HeldLock.take(shared.store, storageLockName("data"), "n7 (UPID:n7)", 60_000);
		const waited: string[] = [];
		const done = await withStorageLock(
			shared.store,
			"data",
			options({ onWait: (holder) => waited.push(holder) }),
			() => Promise.resolve("done"),
		);
		expect(done).toBe("done");
		expect(waited).toEqual(["n7 (UPID:n7)"]);
	});

	test("that stays held is given up, naming the holder", async () => {
		await HeldLock.take(shared.store, storageLockName("data"), "n7 (UPID:n7)", 600_000);
		const work = () => Promise.reject(new Error("it must not run"));
		await expect(withStorageLock(shared.store, "data", options(), work)).rejects.toThrow(
			/^storage 'data' is being changed by n7 \(UPID:n7\); gave up waiting after 90 s/,
		);
	});

	test("that cannot be renewed ends the work before anybody else can have it", async () => {
		let dead = false;
		const store = cutOff(shared.store, () => dead);
		const work = withStorageLock(store, "data", options(), async (signal) => {
			dead = true;
			const { promise, reject } = Promise.withResolvers<never>();
			signal.addEventListener("abort", () => reject(signal.reason));
			await promise.catch(async (error: unknown) => {
				expect(await HeldLock.take(shared.store, storageLockName("data"), "other", 60_000)).toBeNull();
				throw error;
			});
		});
		await expect(work).rejects.toThrow(
			/^the lock on storage 'data' was lost, so another program may be changing it now: .*cut off/,
		);
	});

	test.each([
		["refuses", refuse],
		["does not answer", () => new Promise<void>(() => undefined)],
	])("that cannot be renewed, because the store %s, leaves time to end what runs", async (_, keepAlive) => {
		const begun = shared.timing.monotonic();
		const store = cutOff(shared.store, () => true, keepAlive);
		const work = withStorageLock(store, "data", options(), async (signal) => {
			const { promise, reject } = Promise.withResolvers<never>();
			signal.addEventListener("abort", () => reject(signal.reason));
			await promise;
		});
		await expect(work).rejects.toMatchObject({ code: "STORAGE_LOCK_LOST" });
		expect(shared.timing.monotonic() - begun).toBeLessThanOrEqual(15_000);
	});

	test("is not waited for by work that was called off", async () => {
		await HeldLock.take(shared.store, storageLockName("data"), "n7", 600_000);
		const stop = new AbortController();
		const waiting = withStorageLock(
			shared.store,
			"data",
			options({ signal: stop.signal, onWait: () => stop.abort(new Error("called off")) }),
			() => Promise.resolve(),
		);
		await expect(waiting).rejects.toThrow("called off");
	});
});
