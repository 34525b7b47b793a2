import { expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { benchPerTest, codeOf, contents, put, remove, take, write } from "./tools.ts";

export function leaseContract(open: () => Promise<Bench>): void {
	const bench = benchPerTest(open);
	/** Lets a lease end for sure, however coarse the store's clock is. */
	const outlive = async (ttlMs: number) => await bench().passTime(ttlMs * 2 + 10);

	test("what was written with a lease goes at once, as one change, when it is not kept alive", async () => {
		const { store, leaseTtlMs } = bench();
		const lease = await store.lease(leaseTtlMs);
		expect(lease.ttlMs).toBeGreaterThanOrEqual(leaseTtlMs);
		const from = await write(store, put("a", "1", lease), put("b", "1", lease), put("kept", "1"));
		const watching = take(store, "", from, 1);
		await outlive(lease.ttlMs);
		const [heard] = await watching;
		expect(
			heard?.changes.map((change) => [change.type, change.type === "delete" && change.key]).sort(),
		).toEqual([
			["delete", "a"],
			["delete", "b"],
		]);
		expect(await contents(store)).toEqual({ kept: "1" });
		expect(lease.lost.aborted).toBe(true);
	});

	test("a lease that is kept alive lasts", async () => {
		const { store, leaseTtlMs } = bench();
		const lease = await store.lease(leaseTtlMs * 2);
		await write(store, put("a", "1", lease));
		for (let n = 0; n < 3; n++) {
			await bench().passTime(lease.ttlMs * 0.6);
			await lease.keepAlive();
		}
		expect(lease.lost.aborted).toBe(false);
		expect(await contents(store)).toEqual({ a: "1" });
		await lease.revoke();
	});

	test("a lease that ended takes nothing any more", async () => {
		const { store, leaseTtlMs } = bench();
		const lease = await store.lease(leaseTtlMs);
		await outlive(lease.ttlMs);
		expect(await codeOf(lease.keepAlive())).toBe("STORE_LEASE_LOST");
		expect(await codeOf(write(store, put("a", "1", lease), put("b", "1")))).toBe("STORE_LEASE_LOST");
		expect(await contents(store)).toEqual({});
		await lease.revoke();
	});

	test("a refused comparison comes before a lost lease", async () => {
		const { store, leaseTtlMs } = bench();
		const lease = await store.lease(leaseTtlMs);
		await outlive(lease.ttlMs);
		const { succeeded } = await store.txn({
			compare: [{ key: "a", revision: 1n }],
			writes: [put("a", "1", lease)],
		});
		expect(succeeded).toBe(false);
	});

	test("giving a lease back takes its keys away before it answers, and is no loss", async () => {
		const { store, leaseTtlMs } = bench();
		const lease = await store.lease(leaseTtlMs);
		const other = await store.lease(leaseTtlMs);
		await write(store, put("a", "1", lease), put("b", "1", other), put("c", "1"));
		await lease.revoke();
		expect(await contents(store)).toEqual({ b: "1", c: "1" });
		expect(lease.lost.aborted).toBe(false);
		expect(await codeOf(lease.keepAlive())).toBe("STORE_LEASE_LOST");
		expect(await codeOf(write(store, put("a", "1", lease)))).toBe("STORE_LEASE_LOST");
		await lease.revoke();
		await other.revoke();
		expect(await contents(store)).toEqual({ c: "1" });
	});

	test("a key belongs to the lease of its last write", async () => {
		const { store, leaseTtlMs } = bench();
		const first = await store.lease(leaseTtlMs);
		const second = await store.lease(leaseTtlMs);
		const keys = ["freed", "moved", "deleted", "again", "same"];
		await write(store, ...keys.map((key) => put(key, "1", first)));
		await write(store, put("freed", "2"), put("moved", "2", second), put("same", "2", first));
		await write(store, remove("deleted"), remove("again"));
		await write(store, put("again", "2"));
		await first.revoke();
		expect(await contents(store)).toEqual({ again: "2", freed: "2", moved: "2" });
		await second.revoke();
		expect(await contents(store)).toEqual({ again: "2", freed: "2" });
	});

	test("the end of a lease does not touch what was compared and written meanwhile", async () => {
		const { store, leaseTtlMs } = bench();
		const lease = await store.lease(leaseTtlMs);
		const revision = await write(store, put("a", "1", lease));
		await lease.revoke();
		const { succeeded } = await store.txn({ compare: [{ key: "a", revision }], writes: [put("a", "2")] });
		expect(succeeded).toBe(false);
		await write(store, put("a", "3"));
		await outlive(lease.ttlMs);
		expect(await contents(store)).toEqual({ a: "3" });
	});
}
