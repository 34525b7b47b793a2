import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import type { LogBounds } from "../../src/embedded/change-log.ts";
import { type EmbeddedStore, openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import { codeOf, contents, put, remove, take, told, write } from "../contract/tools.ts";
import { temporaryFolder } from "./bench.ts";

let folder = temporaryFolder();
let timing = new ManualRuntime();
let stores: EmbeddedStore[] = [];
beforeEach(() => {
	folder = temporaryFolder();
	timing = new ManualRuntime();
	stores = [];
});
afterEach(async () => {
	for (const store of stores) await store.close();
	folder.remove();
});

async function openWith(log: Partial<LogBounds>): Promise<EmbeddedStore> {
	const store = await openEmbeddedStore({ runtime: timing, path: join(folder.path, "store.db"), log });
	stores.push(store);
	return store;
}

/** The oldest revision that a watch can begin at. */
async function keptFrom(store: EmbeddedStore): Promise<bigint> {
	const { revision } = await store.list("");
	for (let from = 0n; from < revision; from++) {
		const trying = take(store, "", from, 1);
		if (
			(await trying.then(
				() => "kept",
				() => "gone",
			)) === "kept"
		)
			return from;
	}
	return revision;
}

describe("the change log", () => {
	test("keeps so many changes, and whole transactions", async () => {
		const store = await openWith({ rows: 10 });
		for (let n = 0; n < 6; n++) await write(store, put("a", "1"), put("b", "1"), put("c", "1"));
		expect(await keptFrom(store)).toBe(3n);
		expect((await take(store, "", 3n, 3)).map(told)).toEqual([
			"4: a=1 b=1 c=1",
			"5: a=1 b=1 c=1",
			"6: a=1 b=1 c=1",
		]);
		expect(await contents(store)).toEqual({ a: "1", b: "1", c: "1" });
	});

	test("keeps so many bytes", async () => {
		const store = await openWith({ bytes: 10_500 });
		for (let n = 0; n < 30; n++) await write(store, put("a", "x".repeat(1000)));
		expect(await keptFrom(store)).toBe(20n);
	});

	test("keeps changes for so long", async () => {
		const store = await openWith({ ageMs: 60_000 });
		await write(store, put("a", "1"));
		timing.advance(50_000);
		await write(store, put("a", "2"));
		expect(await keptFrom(store)).toBe(0n);
		timing.advance(50_000);
		await write(store, remove("a"));
		expect(await keptFrom(store)).toBe(1n);
		timing.advance(500_000);
		await write(store, put("a", "4"));
		expect(await keptFrom(store)).toBe(3n);
	});

	test("knows its bounds again after a restart", async () => {
		const first = await openWith({ rows: 10 });
		for (let n = 0; n < 20; n++) await write(first, put("a", String(n)));
		await first.close();
		const second = await openWith({ rows: 10 });
		expect(await keptFrom(second)).toBe(10n);
		await write(second, put("a", "20"));
		expect(await keptFrom(second)).toBe(11n);
	});

	test("is told in full however long it is", async () => {
		const store = await openWith({});
		const value = "x".repeat(300_000);
		const writes = Array.from({ length: 40 }, (_, n) =>
			write(store, put(`k/${n}`, value), put("other", "1")),
		);
		await Promise.all(writes);
		for (let n = 0; n < 2500; n += 100)
			await write(store, ...Array.from({ length: 100 }, (_, k) => put(`n/${n + k}`, "1")));
		const heard = await take(store, "", 0n, 65);
		expect(heard.map(({ revision }) => revision)).toEqual(
			Array.from({ length: 65 }, (_, n) => BigInt(n + 1)),
		);
		expect(heard.flatMap(({ changes }) => changes)).toHaveLength(80 + 2500);
	});

	test("is behind for a watch that begins before what is kept", async () => {
		const store = await openWith({ rows: 2 });
		for (let n = 0; n < 5; n++) await write(store, put("a", String(n)));
		expect(await codeOf(take(store, "", 1n, 1))).toBe("STORE_COMPACTED");
	});
});

describe("leases of an embedded store", () => {
	test("do not care when somebody sets the clock", async () => {
		const store = await openWith({});
		const lease = await store.lease(10_000);
		await write(store, put("a", "1", lease));
		timing.setClock(timing.now() + 1e9);
		timing.advance(9000);
		expect(await contents(store)).toEqual({ a: "1" });
		timing.setClock(0);
		timing.advance(2000);
		await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
		expect(await contents(store)).toEqual({});
	});

	test("end with the store, and their holders hear it", async () => {
		const store = await openWith({});
		const lease = await store.lease(10_000);
		await write(store, put("a", "1", lease), put("kept", "1"));
		await store.close();
		expect(lease.lost.aborted).toBe(true);
		expect(await contents(await openWith({}))).toEqual({ kept: "1" });
	});

	test("of no length or for ever are not given", async () => {
		const store = await openWith({});
		for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e10])
			expect(await codeOf(store.lease(ttl))).toBe("BUG");
	});
});
