import fc from "fast-check";
import { expect, test } from "vitest";
import { storeLimits } from "../../src/limits.ts";
import type { Bench } from "./bench.ts";
import { benchPerTest, bytes, codeOf, contents, put, remove, write } from "./tools.ts";

export function keyContract(open: () => Promise<Bench>): void {
	const bench = benchPerTest(open);

	test("an empty store has nothing to get and nothing to list", async () => {
		const { store } = bench();
		expect(await store.get("a")).toBeNull();
		expect((await store.list("")).entries).toEqual([]);
	});

	test("what was put is got with the revision of its write", async () => {
		const { store } = bench();
		const revision = await write(store, put("a/b", "1"));
		expect(await store.get("a/b")).toEqual({ key: "a/b", value: bytes("1"), revision });
		const later = await write(store, put("a/b", "2"));
		expect(later).toBeGreaterThan(revision);
		expect(await store.get("a/b")).toEqual({ key: "a/b", value: bytes("2"), revision: later });
	});

	test("a listing is ordered by key, byte for byte", async () => {
		const { store } = bench();
		const keys = ["b", "B", "a/", "a", "a/~", "a0", "a/!", "_", "Z", "10", "9"];
		for (const key of keys) await write(store, put(key, ""));
		const { entries } = await store.list("");
		expect(entries.map(({ key }) => key)).toEqual(
			keys.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))),
		);
	});

	test("a listing has its own prefix only, wildcards of other systems mean nothing", async () => {
		const { store } = bench();
		const keys = [
			"n",
			"n/",
			"n/1",
			"n/1/x",
			"n/10",
			"n/2",
			"n0",
			"m/1",
			"%",
			"%a",
			"_a",
			"*a",
			"[a]",
			"~",
			"~~",
		];
		await write(store, ...keys.map((key) => put(key, "")));
		const below = async (prefix: string) => Object.keys(await contents(store, prefix));
		expect(await below("n/")).toEqual(["n/", "n/1", "n/1/x", "n/10", "n/2"]);
		expect(await below("n/1")).toEqual(["n/1", "n/1/x", "n/10"]);
		expect(await below("n/1/")).toEqual(["n/1/x"]);
		expect(await below("%")).toEqual(["%", "%a"]);
		expect(await below("_")).toEqual(["_a"]);
		expect(await below("*")).toEqual(["*a"]);
		expect(await below("[")).toEqual(["[a]"]);
		expect(await below("~")).toEqual(["~", "~~"]);
		expect(await below("x")).toEqual([]);
		expect(await below("")).toHaveLength(keys.length);
	});

	test("the revision of a listing is that of the store", async () => {
		const { store } = bench();
		await write(store, put("a", "1"));
		const revision = await write(store, put("b", "1"));
		expect((await store.list("a")).revision).toBe(revision);
		expect((await store.list("nothing")).revision).toBe(revision);
	});

	test("a deleted key has no entry, and can be put again", async () => {
		const { store } = bench();
		await write(store, put("a", "1"));
		const deleted = await write(store, remove("a"));
		expect(await store.get("a")).toBeNull();
		expect(await contents(store)).toEqual({});
		const again = await write(store, put("a", "2"));
		expect(again).toBeGreaterThan(deleted);
		expect((await store.get("a"))?.revision).toBe(again);
	});

	test("values are bytes: all of them, none, and as many as the limit says", async () => {
		const { store } = bench();
		const all = Uint8Array.from({ length: 256 }, (_, n) => n);
		const large = Uint8Array.from({ length: storeLimits.valueBytes }, (_, n) => (n * 7919) >> 3);
		await store.txn({ writes: [{ op: "put", key: "all", value: all }] });
		await store.txn({ writes: [{ op: "put", key: "none", value: new Uint8Array(0) }] });
		await store.txn({ writes: [{ op: "put", key: "large", value: large }] });
		expect((await store.get("all"))?.value).toEqual(all);
		expect((await store.get("none"))?.value).toEqual(new Uint8Array(0));
		expect(Buffer.compare((await store.get("large"))?.value ?? new Uint8Array(0), large)).toBe(0);
	});

	test("any bytes come back as they were", async () => {
		const { store } = bench();
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (value) => {
				await store.txn({ writes: [{ op: "put", key: "any", value }] });
				expect((await store.get("any"))?.value).toEqual(value);
			}),
			{ numRuns: 50 },
		);
	});

	test("a value is what it was when it was given, even if its bytes are changed while it is written", async () => {
		const { store } = bench();
		const value = bytes("before");
		const writing = store.txn({ writes: [{ op: "put", key: "a", value }] });
		value.fill(0);
		await writing;
		expect(await contents(store)).toEqual({ a: "before" });
	});

	test("a value one byte too large is refused and nothing of its transaction happens", async () => {
		const { store } = bench();
		const value = new Uint8Array(storeLimits.valueBytes + 1);
		const writing = store.txn({ writes: [put("small", "1"), { op: "put", key: "large", value }] });
		expect(await codeOf(writing)).toBe("STORE_LIMIT");
		expect(await contents(store)).toEqual({});
	});

	test("keys that some driver could not carry are refused everywhere", async () => {
		const { store } = bench();
		for (const key of [
			"",
			"a b",
			"a\n",
			"ä",
			"\u{1f600}",
			"a\0",
			"\x7f",
			"a".repeat(storeLimits.keyBytes + 1),
		]) {
			expect(await codeOf(write(store, put(key, "1")))).toBe("BUG");
			expect(await codeOf(store.get(key))).toBe("BUG");
		}
		expect(await codeOf(store.list("ä"))).toBe("BUG");
		const longest = "a".repeat(storeLimits.keyBytes);
		await write(store, put(longest, "1"));
		expect(await contents(store)).toEqual({ [longest]: "1" });
	});
}
