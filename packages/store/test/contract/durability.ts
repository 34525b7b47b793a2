import { expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { benchPerTest, bytes, contents, put, remove, take, told, write } from "./tools.ts";
import { sizeOfPair } from "./write-forever.ts";

export function durabilityContract(open: () => Promise<Bench>): void {
	const bench = benchPerTest(open);

	test("everything is there again after a restart, and revisions go on", async () => {
		const first = await write(bench().store, put("a", "1"), put("b", "1"));
		const second = await write(bench().store, put("a", "2"), remove("b"), put("c", "1"));
		await bench().reopen();
		const { store } = bench();
		expect(await contents(store)).toEqual({ a: "2", c: "1" });
		expect((await store.get("a"))?.revision).toBe(second);
		expect((await store.list("")).revision).toBeGreaterThanOrEqual(second);
		const replaced = await store.txn({ compare: [{ key: "a", revision: first }], writes: [put("a", "3")] });
		expect(replaced.succeeded).toBe(false);
		const third = await store.txn({ compare: [{ key: "a", revision: second }], writes: [put("a", "3")] });
		expect(third.succeeded).toBe(true);
		expect(third.revision).toBeGreaterThan(second);
	});

	test("a watch goes on after a restart where it was", async () => {
		const from = await write(bench().store, put("a", "1"));
		const second = await write(bench().store, put("a", "2"));
		await bench().reopen();
		const third = await write(bench().store, put("a", "3"));
		const heard = await take(bench().store, "", from, 2);
		expect(heard.map(told)).toEqual([`${second}: a=2`, `${third}: a=3`]);
	});

	test("what was compacted stays so after a restart", async () => {
		const first = await write(bench().store, put("a", "1"));
		await bench().store.compact(await write(bench().store, put("a", "2")));
		await bench().reopen();
		await expect(take(bench().store, "", first - 1n, 1)).rejects.toMatchObject({ code: "STORE_COMPACTED" });
	});

	test("a killed writer loses nothing that was acknowledged, and leaves no half transaction", async () => {
		for (const afterAcknowledgements of [1, 25, 60]) {
			const acknowledged = await bench().killWriter(afterAcknowledgements);
			expect(acknowledged.length).toBeGreaterThanOrEqual(afterAcknowledgements);
			const { entries } = await bench().store.list("pair/");
			const left = new Map<string, number>();
			const right = new Map<string, number>();
			for (const { key, value } of entries) {
				const [, side, n = ""] = key.split("/");
				(side === "left" ? left : right).set(n, value.length);
			}
			expect(left.size).toBeGreaterThanOrEqual(acknowledged.length);
			for (const n of acknowledged) expect(left.get(String(n))).toBe(sizeOfPair(n));
			for (const [n, size] of left) expect(size).toBe(sizeOfPair(Number(n)));
			expect(right).toEqual(left);
			const counter = await bench().store.get("counter");
			expect(counter?.value).toEqual(bytes(String(left.size)));
		}
	});
}
