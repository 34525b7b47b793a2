import { draft, FleetMemory, type LogDraft, type LogKind } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { isLogId } from "../../../src/documents/history/history-layout.ts";
import {
	keptHistory,
	LogBounds,
	type LogQuery,
	logId,
	logMemoryWrite,
	logWrite,
	readLog,
	readLogMemory,
	readWatched,
	watchedWrite,
	writtenEntries,
} from "../../../src/index.ts";
import { storePerTest } from "../document-store.ts";

const context = storePerTest();
const hour = 60 * 60 * 1000;
const noon = Date.UTC(2026, 10, 22, 12);
const always = { since: 0, until: noon + 24 * hour, limit: 100 };

function entry(at: number, number: number, changes: Partial<LogDraft> = {}) {
	const said = {
		kind: "lun" as LogKind,
		event: "failed",
		severity: "error" as const,
		text: `entry ${number}`,
	};
	return { id: logId(at, number), ...draft(at, { ...said, ...changes }) };
}

async function write(...entries: readonly ReturnType<typeof entry>[]) {
	for (const one of entries) await context.store.txn({ writes: [logWrite(one)] });
}

async function texts(query: Partial<LogQuery>) {
	const { entries } = await readLog(context.store, { ...always, ...query });
	return entries.map(({ text }) => text);
}

describe("the log in the store", () => {
	test("gives entries back as they were, newest first", async () => {
		const [old, fresh] = [
			entry(noon - 30 * hour, 1, { nodes: ["n1"], luns: ["a"], details: ["n1: it is so"], by: "jane@local" }),
			entry(noon, 2, { unwatchedSince: noon - hour }),
		];
		await write(old, fresh);
		expect(await readLog(context.store, always)).toEqual({ entries: [fresh, old], next: null });
	});

	test("finds by how serious it is, and by a part of its text, of a detail or of a port", async () => {
		await write(
			entry(noon, 1, { severity: "info", text: "LUN db is optimal" }),
			entry(noon, 2, { severity: "warning", text: "1 path failed", ports: ["192.168.71.1:3260"] }),
			entry(noon, 3, { text: "LUN db is failed", details: ["n1: path SDC offline"] }),
		);
		expect(await texts({ severity: "info" })).toHaveLength(3);
		expect(await texts({ severity: "warning" })).toEqual(["LUN db is failed", "1 path failed"]);
		expect(await texts({ severity: "error" })).toEqual(["LUN db is failed"]);
		expect(await texts({ text: "lun DB" })).toEqual(["LUN db is failed", "LUN db is optimal"]);
		expect(await texts({ text: "71.1" })).toEqual(["1 path failed"]);
		expect(await texts({ text: "sdc", severity: "error" })).toEqual(["LUN db is failed"]);
		expect(await texts({ text: "nothing such" })).toEqual([]);
	});

	test("finds by LUN, node, kind and time", async () => {
		await write(
			entry(noon - 50 * hour, 1, { luns: ["a"], nodes: ["n1"] }),
			entry(noon - 2 * hour, 2, { luns: ["a", "b"], nodes: ["n2"], kind: "path" }),
			entry(noon - hour, 3, { luns: ["b"], nodes: ["n1", "n2"] }),
		);
		expect(await texts({ lun: "a" })).toEqual(["entry 2", "entry 1"]);
		expect(await texts({ node: "n1" })).toEqual(["entry 3", "entry 1"]);
		expect(await texts({ kind: "path" })).toEqual(["entry 2"]);
		expect(await texts({ lun: "a", node: "n1" })).toEqual(["entry 1"]);
		expect(await texts({ since: noon - 2 * hour })).toEqual(["entry 3", "entry 2"]);
		expect(await texts({ until: noon - 2 * hour })).toEqual(["entry 2", "entry 1"]);
	});

	test("comes in pages that neither repeat nor leave out", async () => {
		const all = Array.from({ length: 25 }, (_, at) => entry(noon - at * 3 * hour, 100 - at));
		await write(...all);
		const seen: string[] = [];
		for (let before: string | undefined; ; ) {
			const page = await readLog(context.store, { ...always, limit: 10, before });
			seen.push(...page.entries.map(({ id }) => id));
			if (page.next === null) break;
			before = page.next;
		}
		expect(seen).toEqual(all.map(({ id }) => id));
	});

	test("replaces an entry that is written again", async () => {
		await write(entry(noon, 1, { count: 1 }), entry(noon, 1, { count: 7 }));
		const { entries } = await readLog(context.store, always);
		expect(entries.map(({ count }) => count)).toEqual([7]);
	});

	test("shows an entry that cannot be read as such", async () => {
		const { key } = logWrite(entry(noon, 1));
		await context.store.txn({ writes: [{ op: "put", key, value: new Uint8Array([1, 2, 3]) }] });
		expect((await readLog(context.store, always)).entries).toMatchObject([
			{ id: logId(noon, 1), kind: "log", event: "unreadable", at: noon },
		]);
	});

	test("can be asked for all times", async () => {
		await write(entry(noon, 1));
		expect(await texts({ until: Date.UTC(2027, 0) })).toEqual(["entry 1"]);
		expect(await texts({ until: 8_000_000_000_000_000 / 4 })).toEqual([]);
	});

	test("is told to who watches it", async () => {
		const fresh = entry(noon, 1);
		const write = logWrite(fresh);
		const other = { op: "put", key: "other", value: write.value } as const;
		const { revision } = await context.store.txn({ writes: [write, other] });
		const changes = [write, other].map(({ key, value }) => ({
			type: "put" as const,
			entry: { key, value, revision },
		}));
		expect(writtenEntries({ revision, changes })).toEqual([fresh]);
	});

	test("has ids that sort like times", () => {
		const ids = [logId(9, 9), logId(10, 1), logId(10, 2), logId(noon, 0)];
		expect(ids.toSorted()).toEqual(ids);
		expect(ids.every(isLogId)).toBe(true);
		expect(isLogId("../../etc")).toBe(false);
	});
});

describe("what is kept of the log", () => {
	const bounds = { days: 7, entries: 5, bytes: 1_000_000 };
	const keys = (writes: readonly { readonly key: string }[]) => writes.map(({ key }) => key.split("/")[2]);

	test("ends after a week", async () => {
		const [old, fresh] = [entry(noon - 8 * 24 * hour, 1), entry(noon - 6 * 24 * hour, 2)];
		await write(old, fresh);
		const index = await LogBounds.read(context.store, keptHistory);
		expect(keys(index.outdated(noon))).toEqual([old.id]);
	});

	test("is bounded in number and in bytes, oldest first", async () => {
		const all = Array.from({ length: 8 }, (_, at) => entry(noon + at, at));
		await write(...all);
		const index = await LogBounds.read(context.store, bounds);
		expect(keys(index.outdated(noon))).toEqual(all.slice(0, 3).map(({ id }) => id));
		const small = await LogBounds.read(context.store, { ...bounds, entries: 100, bytes: 300 });
		expect(small.outdated(noon).length).toBeGreaterThan(5);
	});

	test("is known without reading it again", async () => {
		const index = await LogBounds.read(context.store, { ...bounds, entries: 1 });
		const writes = [logWrite(entry(noon, 1)), logWrite(entry(noon, 1)), logWrite(entry(noon + 1, 2))];
		index.wrote(writes);
		const deletes = index.outdated(noon);
		expect(keys(deletes)).toEqual([logId(noon, 1)]);
		index.wrote(deletes);
		expect(index.outdated(noon)).toEqual([]);
	});

	test("goes a piece at a time", async () => {
		const index = await LogBounds.read(context.store, { ...bounds, entries: 0 });
		index.wrote(Array.from({ length: 300 }, (_, at) => logWrite(entry(noon, at))));
		expect(index.outdated(noon).length).toBeLessThanOrEqual(64);
	});
});

describe("what the log last knew", () => {
	test("is nothing before it was written", async () => {
		expect(await readLogMemory(context.store)).toBeNull();
		expect(await readWatched(context.store)).toBeNull();
	});

	test("is given back", async () => {
		const fleet = new FleetMemory();
		fleet.overall.set("36001405a", "degraded");
		await context.store.txn({
			writes: [logMemoryWrite({ fleet, versions: new Map([["multipath.cfg", 3]]) }), watchedWrite(noon)],
		});
		const memory = await readLogMemory(context.store);
		expect(memory?.versions).toEqual(new Map([["multipath.cfg", 3]]));
		expect(memory?.fleet.overall).toEqual(new Map([["36001405a", "degraded"]]));
		expect(await readWatched(context.store)).toBe(noon);
	});

	test("is refused when it is damaged, and not taken for nothing", async () => {
		const { key } = logMemoryWrite({ fleet: new FleetMemory(), versions: new Map() });
		await context.store.txn({ writes: [{ op: "put", key, value: new Uint8Array([1]) }] });
		await expect(readLogMemory(context.store)).rejects.toMatchObject({ code: "DOCUMENT_UNREADABLE" });
	});
});
