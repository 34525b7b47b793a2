import type { LogEntry } from "@pathkeeper/model";
import { readLog, readLogMemory, type Store } from "@pathkeeper/store";
import { afterEach, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import type { Pulse } from "../../src/fleet/pulse.ts";
import { runHistory } from "../../src/history/history-writer.ts";
import { eventually, portalOf, ReportedFleet, wwidOf } from "../reported-fleet.ts";

const faults: unknown[] = [];
const onFault = (error: unknown) => faults.push(error);
afterEach(() => expect(faults.splice(0)).toEqual([]));

/** One server's writer, from start to stop. */
class Writer implements AsyncDisposable {
	readonly live: LiveFleet;
	readonly #stop = new AbortController();
	readonly #ended: Promise<void>;

	constructor(store: Store, holder = "a", windowMs = 50, pulse?: Pulse) {
		this.live = new LiveFleet({ runtime: realRuntime, store, onFault, gatherMs: 5 });
		const options = {
			runtime: realRuntime,
			store,
			live: this.live,
			holder,
			windowMs,
			graceMs: 100,
			lockMs: 1000,
			onFault,
		};
		this.#ended = runHistory(pulse === undefined ? options : { ...options, pulse }, this.#stop.signal);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#stop.abort();
		await this.#ended;
		await this.live.close();
	}
}

async function log(store: Store): Promise<readonly LogEntry[]> {
	return (await readLog(store, { since: 0, until: Date.now() + 1000, limit: 1000 })).entries;
}

async function texts(store: Store): Promise<string[]> {
	return (await log(store)).map(({ text }) => text);
}

/** The writer has told all that there was when it began: it says until when it watched. */
async function begun(store: Store): Promise<void> {
	await eventually("the log is kept", async () => (await store.get("history-memory")) !== null);
}

test("a fabric that fails on every node is one entry, one for the LUNs, and so is its return", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 4, luns: 20, paths: 4 });
	await using _writer = new Writer(fleet.store, "a", 300);
	await begun(fleet.store);
	for (const node of fleet.names) await fleet.report(node, ({ path }) => path < 2);
	await eventually("the storm is told", async () => (await log(fleet.store)).length >= 2);
	for (const node of fleet.names) await fleet.report(node);
	const told = await eventually("the return is told", async () => {
		const all = await texts(fleet.store);
		return all.length >= 4 && all;
	});
	const through = `through ${portalOf(0)} and ${portalOf(1)}`;
	expect(told.toReversed()).toEqual([
		`160 paths of 20 LUNs failed on n1, n2, n3 and n4 ${through}`,
		"20 LUNs are degraded on n1, n2, n3 and n4, before: optimal",
		`160 paths of 20 LUNs came back on n1, n2, n3 and n4 ${through}`,
		"20 LUNs are optimal, before: degraded on n1, n2, n3 and n4",
	]);
	const byLun = { since: 0, until: Date.now() + 1000, lun: wwidOf(7), limit: 10 };
	expect((await readLog(fleet.store, byLun)).entries).toHaveLength(4);
});

test("a slow store that is told of many silent nodes is no loop that stands still", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 6, luns: 1, paths: 2 });
	// Changes since the last sign of life; each may take as long as a call of the store may.
	let changes = 0;
	let most = 0;
	let silent = 0;
	const pulse: Pulse = {
		beat: () => {
			changes = 0;
		},
		rest: () => undefined,
	};
	const counting = new Proxy(fleet.store, {
		get: (store, name) => {
			if (name === "txn")
				return (...given: Parameters<Store["txn"]>) => {
					const [{ writes }] = given;
					if (writes.some(({ key }) => key.startsWith("node/"))) {
						changes += 1;
						most = Math.max(most, changes);
						silent += 1;
					}
					return store.txn(...given);
				};
			const value: unknown = Reflect.get(store, name);
			return typeof value === "function" ? value.bind(store) : value;
		},
	});
	await using _writer = new Writer(counting, "a", 300, pulse);
	await begun(fleet.store);
	for (const node of fleet.names) await fleet.leave(node);
	await eventually("it is noted of all that they are silent", async () => silent === fleet.names.length);
	expect(most).toBe(1);
});

test("who changed the configuration is told, also when nobody watched", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
	{
		await using _writer = new Writer(fleet.store);
		await begun(fleet.store);
	}
	await fleet.configure(`wwid: ${wwidOf(0)}\n\talias lun-0\n\texpected-paths 2\n\tno-path-retry 12\n`);
	await fleet.configure(`wwid: ${wwidOf(0)}\n\talias lun-0\n\texpected-paths 2\n\tno-path-retry fail\n`);
	await using _writer = new Writer(fleet.store);
	const [last, first] = await eventually("both changes are told", async () => {
		const all = (await log(fleet.store)).filter(({ kind }) => kind === "config");
		return all.length >= 2 && all;
	});
	expect(first).toMatchObject({ by: "jane@local", from: "10.0.0.3", luns: [wwidOf(0)] });
	expect(first?.text).toContain("no-path-retry set to 12");
	expect(last?.text).toContain("no-path-retry fail (was 12)");
});

test("after a restart of everything only what changed meanwhile is told, and that nobody looked", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 2, luns: 3, paths: 2 });
	{
		await using _writer = new Writer(fleet.store);
		await begun(fleet.store);
		await fleet.report("n1", ({ lun, path }) => lun === 0 && path === 0);
		await eventually("it is told", async () => (await log(fleet.store)).length === 2);
	}
	await fleet.report("n2", ({ lun, path }) => lun === 1 && path === 1);
	const before = Date.now();
	await using _writer = new Writer(fleet.store);
	const all = await eventually("what happened meanwhile is told", async () => {
		const entries = await log(fleet.store);
		return entries.length >= 4 && entries;
	});
	expect(all.map(({ text }) => text)).toEqual([
		"LUN lun-1 is degraded on n2, before: optimal",
		`1 path of lun-1 failed on n2 through ${portalOf(1)}`,
		"LUN lun-0 is degraded on n1, before: optimal",
		`1 path of lun-0 failed on n1 through ${portalOf(0)}`,
	]);
	expect(all[0]?.unwatchedSince).toBeLessThanOrEqual(before);
	expect(all[3]?.unwatchedSince).toBeNull();
});

test("of several servers one writes, and another takes over when it ends", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 2, luns: 2, paths: 2 });
	await using second = new AsyncDisposableStack();
	{
		await using _first = new Writer(fleet.store, "a");
		await begun(fleet.store);
		second.use(new Writer(fleet.store, "b"));
		await fleet.report("n1", ({ path }) => path === 0);
		await eventually("it is told", async () => (await log(fleet.store)).length >= 2);
	}
	await fleet.report("n1");
	await eventually("the other one tells it", async () => (await log(fleet.store)).length >= 4);
	await fleet.leave("n2");
	await eventually("a node is missed", async () => (await log(fleet.store)).length >= 5);
	expect((await texts(fleet.store)).toReversed()).toEqual([
		`2 paths of lun-0 and lun-1 failed on n1 through ${portalOf(0)}`,
		"2 LUNs are degraded on n1, before: optimal",
		`2 paths of lun-0 and lun-1 came back on n1 through ${portalOf(0)}`,
		"2 LUNs are optimal, before: degraded on n1",
		"no sign of life from the agent on n2: what its LUNs do is not known",
	]);
});

test("a path that flaps is one entry that counts on", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
	await using _writer = new Writer(fleet.store, "a", 20);
	await begun(fleet.store);
	for (let round = 1; round <= 5; round++) {
		for (const failed of [true, false]) {
			await fleet.report("n1", ({ path }) => failed && path === 0);
			await eventually("it is noticed", async () => {
				const known = (await readLogMemory(fleet.store))?.fleet.luns.get("n1")?.get(wwidOf(0));
				return known?.states === (failed ? "fu" : "uu");
			});
		}
	}
	const flapping = (await log(fleet.store)).filter(({ event }) => event === "flapping");
	expect(flapping).toMatchObject([{ count: 5, paths: 1, nodes: ["n1"], luns: [wwidOf(0)] }]);
	const paths = (await log(fleet.store)).filter(({ kind }) => kind === "path");
	expect(paths.map(({ event }) => event).toSorted()).toEqual([
		"failed",
		"failed",
		"flapping",
		"restored",
		"restored",
	]);
});

test("what was last known and is damaged is a gap in the log, and the log goes on", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
	await fleet.store.txn({ writes: [{ op: "put", key: "history-memory", value: new Uint8Array([1]) }] });
	await using _writer = new Writer(fleet.store);
	const [gap] = await eventually("the gap is told", async () => {
		const all = await log(fleet.store);
		return all.length > 0 && all;
	});
	expect(gap).toMatchObject({ kind: "log", event: "gap" });
	await fleet.report("n1", ({ path }) => path === 0);
	await eventually("the log goes on", async () => (await log(fleet.store)).length >= 3);
});
