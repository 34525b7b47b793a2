import { expect, test } from "vitest";
import { storeLimits } from "../../src/limits.ts";
import type { Store } from "../../src/store.ts";
import type { Bench } from "./bench.ts";
import { benchPerTest, codeOf, contents, put, remove, text, write } from "./tools.ts";

export function transactionContract(open: () => Promise<Bench>): void {
	const bench = benchPerTest(open);

	test("all writes of a transaction have one revision", async () => {
		const { store } = bench();
		await write(store, put("old", "1"));
		const result = await store.txn({ writes: [put("a", "1"), remove("old"), put("b", "2")] });
		expect(result.succeeded).toBe(true);
		const { entries, revision } = await store.list("");
		expect(revision).toBe(result.revision);
		expect(entries.map((entry) => [entry.key, entry.revision])).toEqual([
			["a", result.revision],
			["b", result.revision],
		]);
	});

	test("a comparison with null holds only while the key does not exist", async () => {
		const { store } = bench();
		const create = () => store.txn({ compare: [{ key: "a", revision: null }], writes: [put("a", "1")] });
		expect((await create()).succeeded).toBe(true);
		expect((await create()).succeeded).toBe(false);
		await write(store, remove("a"));
		expect((await create()).succeeded).toBe(true);
	});

	test("a comparison with a revision holds only for the last write of that key", async () => {
		const { store } = bench();
		const first = await write(store, put("a", "1"));
		await write(store, put("b", "1"));
		const replace = (revision: bigint, value: string) =>
			store.txn({ compare: [{ key: "a", revision }], writes: [put("a", value)] });
		const second = await replace(first, "2");
		expect(second.succeeded).toBe(true);
		expect((await replace(first, "3")).succeeded).toBe(false);
		expect((await replace(second.revision + 1n, "3")).succeeded).toBe(false);
		expect(await contents(store, "a")).toEqual({ a: "2" });
		await write(store, remove("a"));
		expect((await replace(second.revision, "3")).succeeded).toBe(false);
	});

	test("a comparison with a revision that no key was ever written at never holds", async () => {
		const { store } = bench();
		await write(store, put("there", "1"));
		for (const key of ["there", "not-there"])
			for (const revision of [0n, -1n]) {
				const { succeeded } = await store.txn({ compare: [{ key, revision }], writes: [put(key, "2")] });
				expect(succeeded).toBe(false);
			}
	});

	test("one comparison that does not hold undoes the whole, and takes no revision", async () => {
		const { store } = bench();
		const revision = await write(store, put("a", "1"), put("b", "1"));
		const result = await store.txn({
			compare: [
				{ key: "a", revision },
				{ key: "c", revision },
			],
			writes: [put("a", "2"), remove("b"), put("c", "2")],
		});
		expect(result).toEqual({ succeeded: false, revision });
		expect(await contents(store)).toEqual({ a: "1", b: "1" });
		expect((await store.list("")).revision).toBe(revision);
	});

	test("keys may be compared that are not written", async () => {
		const { store } = bench();
		const revision = await write(store, put("guard", "1"));
		const guarded = () => store.txn({ compare: [{ key: "guard", revision }], writes: [put("a", "1")] });
		expect((await guarded()).succeeded).toBe(true);
		await write(store, put("guard", "2"));
		expect((await guarded()).succeeded).toBe(false);
	});

	test("deleting what is not there succeeds, changes nothing and takes no revision", async () => {
		const { store } = bench();
		const revision = await write(store, put("a", "1"));
		expect(await store.txn({ writes: [remove("b")] })).toEqual({ succeeded: true, revision });
	});

	test("a key is written once in a transaction", async () => {
		const { store } = bench();
		expect(await codeOf(write(store, put("a", "1"), put("a", "2")))).toBe("BUG");
		expect(await codeOf(write(store, put("a", "1"), remove("a")))).toBe("BUG");
		expect(await contents(store)).toEqual({});
	});

	test("a transaction takes as many writes and bytes as the limits say, and no more", async () => {
		const { store } = bench();
		const many = Array.from({ length: storeLimits.txnWrites }, (_, n) => put(`k${n}`, "1"));
		await write(store, ...many);
		expect((await store.list("k")).entries).toHaveLength(storeLimits.txnWrites);
		expect(await codeOf(write(store, ...many, put("more", "1")))).toBe("STORE_LIMIT");

		const room = storeLimits.txnBytes - storeLimits.valueBytes - 2;
		const full = (rest: number) =>
			write(store, put("x", "a".repeat(storeLimits.valueBytes)), put("y", "a".repeat(rest)));
		await full(room);
		expect(await codeOf(full(room + 1))).toBe("STORE_LIMIT");
	});

	test("of many that would create a key at once, exactly one does", async () => {
		const { store } = bench();
		const created = await Promise.all(
			Array.from({ length: 20 }, async (_, n) => {
				const { succeeded } = await store.txn({
					compare: [{ key: "a", revision: null }],
					writes: [put("a", String(n)), put(`by/${n}`, "1")],
				});
				return succeeded ? n : null;
			}),
		);
		const winners = created.filter((n) => n !== null);
		expect(winners).toHaveLength(1);
		expect(await contents(store)).toEqual({ a: String(winners[0]), [`by/${winners[0]}`]: "1" });
	});

	test("no increment of a counter is lost among concurrent writers", async () => {
		const { store } = bench();
		await write(store, put("counter", "0"));
		await Promise.all(Array.from({ length: 6 }, () => repeat(10, () => increment(store))));
		expect(await contents(store)).toEqual({ counter: "60" });
	});
}

async function repeat(times: number, work: () => Promise<void>): Promise<void> {
	for (let n = 0; n < times; n++) await work();
}

async function increment(store: Store): Promise<void> {
	for (;;) {
		const entry = await store.get("counter");
		if (entry === null) throw new Error("the counter is gone");
		const { succeeded } = await store.txn({
			compare: [{ key: "counter", revision: entry.revision }],
			writes: [put("counter", String(Number(text(entry.value)) + 1))],
		});
		if (succeeded) return;
	}
}
