import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { copyStore } from "../src/copy-store.ts";
import { joinFleet } from "../src/documents/nodes.ts";
import { beginWithdrawal } from "../src/documents/withdrawals.ts";
import { openEmbeddedStore } from "../src/embedded/embedded-store.ts";
import { openEtcdStore } from "../src/etcd/open-etcd-store.ts";
import type { Store } from "../src/store.ts";
import { codeOf, contents, put, write } from "./contract/tools.ts";
import { temporaryFolder } from "./embedded/bench.ts";
import { type EtcdProcess, startEtcd } from "./etcd/etcd-process.ts";

const opened: Store[] = [];
const folder = temporaryFolder();
let tests = 0;
beforeEach(() => {
	tests++;
});
afterEach(async () => {
	await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => folder.remove());

async function embedded(name: string): Promise<Store> {
	const store = await openEmbeddedStore({
		runtime: realRuntime,
		path: join(folder.path, String(tests), name),
	});
	opened.push(store);
	return store;
}

/** A fleet with documents of many sizes, and with an agent at work. */
async function fill(store: Store): Promise<void> {
	for (let n = 0; n < 3; n++)
		await write(store, ...Array.from({ length: 100 }, (_, i) => put(`audit/${n}-${i}`, `${n} ${i}`)));
	for (const size of [0, 1, 500_000, 700_000, 1024 * 1024])
		await write(store, put(`config/${size}`, "x".repeat(size)));
	const all = Uint8Array.from({ length: 256 }, (_, n) => n);
	await store.txn({ writes: [{ op: "put", key: "user/bytes", value: all }] });
	const member = { node: "n1", run: "r", agentVersion: "1", intervalMs: 5000, joinedAt: 1 };
	await joinFleet(store, member);
	await write(store, put("report/n1", "report"), put("report-part/n1/g/000", "part"));
	await beginWithdrawal(store, "3600a", { at: 1, by: "root@pam", from: null }, await store.lease(60_000));
}

describe("between embedded and etcd", () => {
	let etcd: EtcdProcess;
	beforeAll(async () => {
		etcd = await startEtcd();
	});
	afterAll(async () => await etcd.dispose());

	test("a fleet goes there and back as it was, without what speaks for a running agent", async () => {
		const first = await embedded("first.db");
		await fill(first);
		const central = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url] });
		opened.push(central);
		const progress: number[] = [];
		const there = await copyStore(first, central, {
			onProgress: ({ documents }) => progress.push(documents),
		});
		expect(there).toEqual({
			documents: 310,
			bytes: expect.any(Number),
			copied: { audit: 301, config: 5, node: 1, report: 1, "report-part": 1, user: 1 },
			left: { member: 1, withdrawal: 1 },
			deleted: 0,
			changedMeanwhile: [],
		});
		expect(progress).toEqual(progress.toSorted((a, b) => a - b));
		expect(progress.at(-1)).toBe(310);

		const last = await embedded("last.db");
		expect((await copyStore(central, last)).documents).toBe(310);
		const before = Object.entries(await contents(first)).filter(
			([key]) => !/^(member|withdrawal)\//.test(key),
		);
		expect(await contents(last)).toEqual(Object.fromEntries(before));
		expect((await last.get("user/bytes"))?.value).toEqual(Uint8Array.from({ length: 256 }, (_, n) => n));
	});
});

test("a store that holds anything is refused, and stays as it is", async () => {
	const [from, to] = [await embedded("from.db"), await embedded("to.db")];
	await fill(from);
	await write(to, put("node/n9", "1"));
	expect(await codeOf(copyStore(from, to))).toBe("STORE_NOT_EMPTY");
	expect(await contents(to)).toEqual({ "node/n9": "1" });
});

test("a store that is to be replaced becomes what the source is, and its running agents are let be", async () => {
	const [from, to] = [await embedded("from.db"), await embedded("to.db")];
	await fill(from);
	await write(to, put("config/0", "other"), put("user/gone", "1"), put("member/n9", "1"));
	const { deleted, documents } = await copyStore(from, to, { replace: true });
	expect({ deleted, documents }).toEqual({ deleted: 1, documents: 310 });
	const result = await contents(to);
	expect(result["config/0"]).toBe("");
	expect(result["member/n9"]).toBe("1");
	expect(Object.keys(result)).not.toContain("user/gone");
});

test("the report of an agent that works with the target already stays, and the others are what was last known", async () => {
	const [from, to] = [await embedded("from.db"), await embedded("to.db")];
	await fill(from);
	await write(from, put("report/n2", "n2 then"));
	await write(to, put("member/n2", "1"), put("report/n2", "n2 now"), put("report-part/n2/h/000", "part"));
	await copyStore(from, to, { replace: true });
	const result = await contents(to);
	expect(result).toMatchObject({ "report/n1": "report", "report-part/n1/g/000": "part" });
	expect(result).toMatchObject({ "report/n2": "n2 now", "report-part/n2/h/000": "part" });
});

test("a copy that breaks off is made whole by another one", async () => {
	const [from, to] = [await embedded("from.db"), await embedded("to.db")];
	await fill(from);
	const onProgress = () => {
		throw new Error("cut off");
	};
	await expect(copyStore(from, to, { replace: true, onProgress })).rejects.toThrow("cut off");
	expect((await to.list("")).entries.length).toBeGreaterThan(0);
	await copyStore(from, to, { replace: true });
});

test("what is written to the source meanwhile is told", async () => {
	const [from, to] = [await embedded("from.db"), await embedded("to.db")];
	await fill(from);
	let told = false;
	const writing: Promise<unknown>[] = [];
	const onProgress = () => {
		if (told) return;
		told = true;
		writing.push(write(from, put("config/0", "late"), put("config/new", "1"), put("report/n1", "later")));
		writing.push(from.txn({ writes: [{ op: "delete", key: "audit/0-0" }] }));
	};
	const { changedMeanwhile } = await copyStore(from, to, { onProgress });
	await Promise.all(writing);
	expect(changedMeanwhile).toEqual(["audit/0-0", "config/0", "config/new", "report/n1"]);
});

test("somebody else who writes to the target is found out", async () => {
	const [from, to] = [await embedded("from.db"), await embedded("to.db")];
	await fill(from);
	const other = (key: string) => async () => await write(to, put(key, "other"));
	expect(await codeOf(copyStore(from, to, { onProgress: once(other("user/bytes")) }))).toBe(
		"STORE_COPY_DIFFERS",
	);
	const third = await embedded("third.db");
	const surplus = async () => await write(third, put("config/surplus", "other"));
	expect(await codeOf(copyStore(from, third, { onProgress: once(surplus) }))).toBe("STORE_COPY_DIFFERS");
});

function once(work: () => Promise<unknown>): () => void {
	let done = false;
	return () => {
		if (!done) void work();
		done = true;
	};
}
