import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditWrite, HeldLock, openEmbeddedStore, type Store, type StoreSpace } from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type RevisionMark, revisionBefore, withMark } from "../../src/history/revision-marks.ts";
import { StoreKeeper } from "../../src/history/store-keeper.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let folder = "";
let store: Store;
let lock: HeldLock;
let now = 1_700_000_000_000;
/** What the store says of its room; null: what is so. */
let said: Partial<StoreSpace> | null = null;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "pathkeeper-keeper-"));
	now = 1_700_000_000_000;
	said = null;
	const real = await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") });
	store = {
		get: (key) => real.get(key),
		list: (prefix, limit) => real.list(prefix, limit),
		txn: (txn) => real.txn(txn),
		watch: (prefix, from, signal) => real.watch(prefix, from, signal),
		lease: (ttlMs) => real.lease(ttlMs),
		compact: (revision) => real.compact(revision),
		space: async () => ({ ...(await real.space()), ...said }),
		close: () => real.close(),
	};
	const taken = await HeldLock.take(store, "history", "test", 10_000);
	if (taken === null) throw new Error("no lock");
	lock = taken;
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

const keeper = (auditDays = 365) =>
	StoreKeeper.begin({ store, runtime: { now: () => now }, auditDays }, lock);

async function write(): Promise<bigint> {
	return (await store.txn({ writes: [{ op: "put", key: "a", value: new Uint8Array(10) }] })).revision;
}

/** Whether a watch can begin there. */
async function isKept(revision: bigint): Promise<boolean> {
	const watch = store.watch("", revision, new AbortController().signal)[Symbol.asyncIterator]();
	return await watch.next().then(
		() => true,
		() => false,
	);
}

/** Rounds and writes, a minute apart; gives the revision of each minute. */
async function pass(minutes: number, of: StoreKeeper): Promise<bigint[]> {
	const revisions: bigint[] = [];
	for (let n = 0; n < minutes; n++) {
		revisions.push(await write());
		await of.round();
		now += minuteMs;
	}
	return revisions;
}

describe("the past of the store", () => {
	test("is kept for an hour, and not much longer", async () => {
		const revisions = await pass(180, await keeper());
		await write();
		const ages = await Promise.all([120, 90, 76, 60, 30, 1].map((age) => isKept(revisions[180 - age] ?? 0n)));
		expect(ages).toEqual([false, false, false, true, true, true]);
	});

	test("goes on being let go of by another server that takes over", async () => {
		const revisions = await pass(70, await keeper());
		await write();
		expect(await isKept(revisions[0] ?? 0n)).toBe(true);
		const successor = await keeper();
		revisions.push(...(await pass(20, successor)));
		await write();
		expect(await isKept(revisions[10] ?? 0n)).toBe(false);
		expect(await isKept(revisions[60] ?? 0n)).toBe(true);
	});

	test("is a minute or two when room is short", async () => {
		const used = { used: 8, size: 8, quota: 10 };
		const of = await keeper();
		const revisions = await pass(30, of);
		said = used;
		revisions.push(...(await pass(3, of)));
		await write();
		expect(await isKept(revisions[28] ?? 0n)).toBe(false);
		expect(await isKept(revisions[32] ?? 0n)).toBe(true);
	});

	test("is not let go of by marks of a clock or a store that went back", () => {
		const mark = (at: number, revision: number): RevisionMark => ({ at, revision: BigInt(revision) });
		expect(withMark([mark(5 * minuteMs, 9)], mark(minuteMs, 12))).toEqual([mark(minuteMs, 12)]);
		expect(withMark([mark(minuteMs, 900)], mark(5 * minuteMs, 12))).toEqual([mark(5 * minuteMs, 12)]);
		expect(revisionBefore([mark(10, 1), mark(20, 2), mark(30, 3)], 25)).toBe(2n);
		expect(revisionBefore([mark(10, 1)], 5)).toBeNull();
	});

	test("has few marks, however long it goes on", () => {
		let marks: readonly RevisionMark[] = [];
		for (let n = 0; n < 5000; n++) marks = withMark(marks, { at: n * 10_000, revision: BigInt(n) });
		expect(marks.length).toBeLessThan(30);
		const at = 4999 * 10_000;
		expect(revisionBefore(marks, at - 60 * minuteMs)).toBeGreaterThanOrEqual(BigInt(4999 - 6 * 71));
	});
});

describe("audit records", () => {
	const ages = [1, 89, 91, 200, 364, 366, 1000];
	const kept = async () =>
		(await store.list("audit/")).entries.map(({ key }) => Number(key.split("-")[1])).sort((a, b) => a - b);
	beforeEach(async () => {
		const about = { by: "test", from: null, what: "test", subject: "", before: null, after: null };
		await store.txn({
			writes: ages.map((days) => auditWrite({ ...about, at: now - days * dayMs }, `${days}`)),
		});
	});

	test("are kept for as many days as is said", async () => {
		await (await keeper(365)).round();
		expect(await kept()).toEqual([1, 89, 91, 200, 364]);
	});

	test("are kept for 90 days however short room is", async () => {
		const of = await keeper(365);
		said = { used: 95, size: 95, quota: 100 };
		await of.round();
		expect(await kept()).toEqual([1, 89]);
		said = { refusing: "full" };
		await of.round();
		expect(await kept()).toEqual([1, 89]);
	});
});
