import { expect, test, vi } from "vitest";
import type { Store, StoreSpace } from "../../src/store.ts";
import type { Bench } from "./bench.ts";
import { benchPerTest, codeOf, contents, put, remove, take, told, write } from "./tools.ts";

const value = "x".repeat(60_000);

/** What every driver says of its room, and how it lets go of the past. */
export function roomContract(open: () => Promise<Bench>): void {
	const bench = benchPerTest(open);

	test("compacting lets go of the past, and of nothing that holds now", async () => {
		const { store } = bench();
		const first = await write(store, put("a", "1"));
		const second = await write(store, put("a", "2"), put("b", "1"));
		const third = await write(store, put("a", "3"));
		await store.compact(second);
		expect(await codeOf(take(store, "", first, 1))).toBe("STORE_COMPACTED");
		expect((await take(store, "", second, 1)).map(told)).toEqual([`${third}: a=3`]);
		expect(await contents(store)).toEqual({ a: "3", b: "1" });
	});

	test("compacting twice, or further than anything was written, is harmless", async () => {
		const { store } = bench();
		const revision = await write(store, put("a", "1"));
		await store.compact(revision);
		await store.compact(revision);
		await store.compact(revision - 1n);
		await store.compact(revision + 1_000_000n);
		expect(await contents(store)).toEqual({ a: "1" });
		const next = await write(store, put("a", "2"));
		expect((await take(store, "", next - 1n, 1)).map(told)).toEqual([`${next}: a=2`]);
	});

	test("the room that is used grows with what is written, and shrinks when the past goes", async () => {
		const { store } = bench();
		const empty = await store.space();
		expect(empty.refusing).toBeNull();
		expect(empty.quota).toBeGreaterThan(100 * 1024 * 1024);
		expect(empty.used).toBeLessThanOrEqual(empty.size);
		for (let n = 0; n < 40; n++) await write(store, put("same", value));
		const full = await settled(store, ({ used }) => used >= empty.used + 40 * value.length);
		expect(full.size).toBeGreaterThanOrEqual(full.used);
		await store.compact((await store.list("")).revision);
		// etcd takes note of what became free when it next writes.
		await settled(store, async ({ used }) => {
			await write(store, put("small", "1"));
			return used < full.used - 20 * value.length;
		});
	});

	test("a listing may be of the first entries only", async () => {
		const { store } = bench();
		await write(store, ...Array.from({ length: 100 }, (_, n) => put(`k/${String(n).padStart(3, "0")}`, "1")));
		const revision = await write(store, put("l", "1"));
		for (const limit of [1, 16, 17, 50, 100, 1000]) {
			const listing = await store.list("k/", limit);
			expect(listing.entries).toHaveLength(Math.min(100, limit));
			expect(listing.entries.at(-1)?.key).toBe(`k/${String(Math.min(100, limit) - 1).padStart(3, "0")}`);
			expect(listing.revision).toBe(revision);
		}
	});
}

/** A store with little room, and what an administrator does to make it take puts again. */
export interface SmallBench extends Bench {
	makeRoom(): Promise<void>;
}

/** What every driver does when there is no room left. */
export function fullContract(open: () => Promise<SmallBench>): void {
	const bench = benchPerTest(open);

	test("a full store refuses puts with STORE_FULL and says so, takes deletions, and puts when there is room", async () => {
		const { store, makeRoom } = bench();
		const lease = await store.lease(60_000);
		await write(store, put("leased", "1", lease), put("guard", "1"));
		const count = await fill(store);
		expect(count).toBeGreaterThan(10);
		const { refusing, remedies } = await settled(store, (space) => space.refusing !== null);
		expect(refusing).not.toBe("");
		expect(remedies.length).toBeGreaterThan(0);
		expect(await codeOf(write(store, put("more", value)))).toBe("STORE_FULL");
		// What holds can be read, and a lease that is there goes on.
		expect((await store.list("fill/", 3)).entries).toHaveLength(3);
		await lease.keepAlive();

		const guard = await store.get("guard");
		const compare = [{ key: "guard", revision: guard?.revision ?? null }];
		const keys = (await store.list("fill/")).entries.map(({ key }) => key);
		for (let at = 0; at < keys.length; at += 50) {
			const writes = keys.slice(at, at + 50).map(remove);
			expect((await store.txn({ compare, writes })).succeeded).toBe(true);
		}
		expect((await store.list("fill/")).entries).toEqual([]);

		await store.compact((await store.list("")).revision);
		await makeRoom();
		await write(store, put("more", value));
		await settled(store, (space) => space.refusing === null && space.used < count * value.length);
		await (await store.lease(10_000)).revoke();
		await lease.revoke();
		expect(Object.keys(await contents(store))).toEqual(["guard", "more"]);
	});

	test("an end of a lease takes its keys away from a full store, too", async () => {
		const { store } = bench();
		const lease = await store.lease(60_000);
		await write(store, put("leased", "1", lease));
		await fill(store);
		await lease.revoke();
		expect(await store.get("leased")).toBeNull();
	});
}

/** Puts until the store is full; gives how many went in. */
async function fill(store: Store): Promise<number> {
	for (let n = 0; n < 2000; n++) {
		try {
			await write(store, put(`fill/${n}`, value));
		} catch (error) {
			expect(await codeOf(Promise.reject(error))).toBe("STORE_FULL");
			return n;
		}
	}
	throw new Error("it does not fill");
}

/** The room once it is as expected: etcd counts a moment after it wrote. */
async function settled(
	store: Store,
	isSo: (space: StoreSpace) => boolean | Promise<boolean>,
): Promise<StoreSpace> {
	return await vi.waitFor(
		async () => {
			const space = await store.space();
			expect(await isSo(space), JSON.stringify(space)).toBe(true);
			return space;
		},
		{ timeout: 60_000, interval: 20 },
	);
}
