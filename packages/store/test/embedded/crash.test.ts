import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { EmbeddedStore, openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import { FileSpace } from "../../src/embedded/file-space.ts";
import { openStoreFile } from "../../src/embedded/store-file.ts";
import { codeOf, contents, put, take, told, write } from "../contract/tools.ts";
import { temporaryFolder } from "./bench.ts";

let folder = temporaryFolder();
let path = "";
beforeEach(() => {
	folder = temporaryFolder();
	path = join(folder.path, "store.db");
});
afterEach(() => folder.remove());

describe("after a crash", () => {
	test("a -wal file that broke off anywhere leaves whole transactions, the oldest ones without a gap", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path });
		for (let n = 0; n < 40; n++)
			await write(
				store,
				put(`left/${n % 7}`, String(n)),
				put("count", String(n)),
				put(`right/${n % 7}`, String(n)),
			);
		const [db, wal] = [readFileSync(path), readFileSync(`${path}-wal`)];
		await store.close();

		const copy = join(folder.path, "copy.db");
		const counts: number[] = [];
		for (let part = 0; part <= 24; part++) {
			writeFileSync(copy, db);
			writeFileSync(`${copy}-wal`, wal);
			truncateSync(`${copy}-wal`, Math.floor((wal.length * part) / 24));
			const reopened = await openEmbeddedStore({ runtime: realRuntime, path: copy });
			const state = await contents(reopened);
			const count = Number(state["count"] ?? -1);
			for (let n = Math.max(0, count - 6); n <= count; n++) {
				expect(state[`left/${n % 7}`]).toBe(String(n));
				expect(state[`right/${n % 7}`]).toBe(String(n));
			}
			expect(Object.keys(state)).toHaveLength(count < 0 ? 0 : 1 + 2 * Math.min(7, count + 1));
			counts.push(count);
			await reopened.close();
		}
		expect(counts).toEqual(counts.toSorted((a, b) => a - b));
		expect(counts[0]).toBe(-1);
		expect(counts.at(-1)).toBe(39);
	});

	test("what was written with a lease is gone, and a watch from before hears so", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path });
		const lease = await store.lease(60_000);
		const revision = await write(
			store,
			put("report", "1", lease),
			put("member", "1", lease),
			put("kept", "1"),
		);
		const copy = join(folder.path, "copy.db");
		copyFileSync(path, copy);
		copyFileSync(`${path}-wal`, `${copy}-wal`);
		await store.close();
		const reopened = await openEmbeddedStore({ runtime: realRuntime, path: copy });
		expect(await contents(reopened)).toEqual({ kept: "1" });
		expect((await take(reopened, "", revision, 1)).map(told)).toEqual([`${revision + 1n}: -member -report`]);
		await reopened.close();
	});
});

describe("on a full disk", () => {
	/** A store whose file may not grow beyond some pages. */
	function cramped(timing: ManualRuntime): { readonly store: EmbeddedStore; grow(): void } {
		const db = openStoreFile(path, realRuntime);
		const space = new FileSpace(db, path, 40 * 4096);
		const store = new EmbeddedStore(db, timing, { rows: 100, bytes: 1_000_000, ageMs: 1e9 }, space);
		return { store, grow: () => db.exec("PRAGMA max_page_count = 10000") };
	}

	test("a transaction is refused as a whole, what was there stays, and it goes on when there is room", async () => {
		const { store, grow } = cramped(new ManualRuntime());
		await write(store, put("a", "1"));
		const large = put("large", "x".repeat(200_000));
		const small = write(store, put("b", "1"));
		expect(await codeOf(write(store, put("a", "2"), large))).toBe("STORE_FULL");
		const revision = await small;
		expect(await contents(store)).toEqual({ a: "1", b: "1" });
		expect((await store.list("")).revision).toBe(revision);
		grow();
		const next = await write(store, put("a", "2"), large);
		expect(next).toBe(revision + 1n);
		expect((await take(store, "a", revision, 1)).map(told)).toEqual([`${next}: a=2`]);
		await store.close();
		expect(statSync(path).size).toBeGreaterThan(200_000);
	});

	test("what a lease leaves behind goes at once, since that takes no room", async () => {
		const timing = new ManualRuntime();
		const { store } = cramped(timing);
		const lease = await store.lease(1000);
		await write(store, put("report", "1", lease));
		const failing = codeOf(write(store, put("large", "x".repeat(200_000))));
		timing.advance(1500);
		expect(await failing).toBe("STORE_FULL");
		expect(lease.lost.aborted).toBe(true);
		expect(await contents(store)).toEqual({});
		await store.close();
	});

	test("a store that filled up is opened again, and ends the leases of before", async () => {
		const store = await openEmbeddedStore({ runtime: realRuntime, path, quota: 200_000 });
		const lease = await store.lease(10_000);
		for (let n = 0; n < 40; n++) await write(store, put(`leased/${n}`, "1", lease));
		for (let n = 0; ; n++) {
			const full = await write(store, put(`kept/${n}`, "x".repeat(3000))).then(
				() => false,
				() => true,
			);
			if (full) break;
		}
		copyFileSync(path, `${path}.copy`);
		copyFileSync(`${path}-wal`, `${path}.copy-wal`);
		const again = await openEmbeddedStore({ runtime: realRuntime, path: `${path}.copy`, quota: 200_000 });
		expect((await again.list("leased/")).entries).toEqual([]);
		expect((await again.list("kept/")).entries.length).toBeGreaterThan(5);
		await Promise.all([store.close(), again.close()]);
	});
});

test("what a lease leaves behind goes as soon as the file takes it again", async () => {
	const timing = new ManualRuntime();
	const db = openStoreFile(path, realRuntime);
	const bounds = { rows: 100, bytes: 1_000_000, ageMs: 1e9 };
	const store = new EmbeddedStore(db, timing, bounds, new FileSpace(db, path, 1e9));
	const lease = await store.lease(1000);
	await write(store, put("report", "1", lease));
	db.exec("CREATE TEMP TRIGGER trouble BEFORE DELETE ON kv BEGIN SELECT RAISE(ABORT, 'trouble'); END");
	const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
	timing.advance(1500);
	await turn();
	expect(lease.lost.aborted).toBe(true);
	expect(await contents(store)).toEqual({ report: "1" });
	db.exec("DROP TRIGGER trouble");
	timing.advance(1500);
	await turn();
	expect(await contents(store)).toEqual({});
	await store.close();
});

test("a transaction of which one write fails is undone, with all that shared its commit, and the next one holds", async () => {
	const db = openStoreFile(path, realRuntime);
	const space = new FileSpace(db, path, 1e9);
	const bounds = { rows: 100, bytes: 1_000_000, ageMs: 1e9 };
	const store = new EmbeddedStore(db, new ManualRuntime(), bounds, space);
	db.exec(`CREATE TEMP TRIGGER trouble BEFORE INSERT ON kv WHEN new.key = 'bad'
		BEGIN SELECT RAISE(ABORT, 'trouble'); END`);
	const revision = await write(store, put("a", "1"));
	const together = [write(store, put("a", "2")), write(store, put("b", "1"), put("bad", "1"), put("c", "1"))];
	expect(await Promise.all(together.map(codeOf))).toEqual(["STORE_UNAVAILABLE", "STORE_UNAVAILABLE"]);
	expect(await contents(store)).toEqual({ a: "1" });
	const next = await write(store, put("a", "3"));
	expect(next).toBe(revision + 1n);
	expect((await take(store, "", revision, 1)).map(told)).toEqual([`${next}: a=3`]);
	await store.close();
});
