import type { Store } from "@pathkeeper/store";
import { afterEach, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { FleetReader } from "../../src/fleet/read-fleet.ts";
import { eventually, ReportedFleet, wwidOf } from "../reported-fleet.ts";

const faults: unknown[] = [];
const onFault = (error: unknown) => faults.push(error);
afterEach(() => expect(faults.splice(0)).toEqual([]));

/** The store, whose watches deliver nothing while they are held back. */
function heldBack(store: Store) {
	let free = Promise.withResolvers<void>();
	free.resolve();
	const proxy: Store = {
		get: (key) => store.get(key),
		list: (prefix) => store.list(prefix),
		txn: (txn) => store.txn(txn),
		lease: (ttlMs) => store.lease(ttlMs),
		compact: (revision) => store.compact(revision),
		space: () => store.space(),
		close: () => store.close(),
		async *watch(prefix, fromRevision, signal) {
			for await (const changes of store.watch(prefix, fromRevision, signal)) {
				await free.promise;
				yield changes;
			}
		},
	};
	const hold = () => {
		free = Promise.withResolvers();
	};
	return { store: proxy, hold, release: () => free.resolve() };
}

const stateOf = (luns: readonly { readonly wwid: string; readonly state: string }[], lun: number) =>
	luns.find(({ wwid }) => wwid === wwidOf(lun))?.state;

test("a call and the watch share what they judged, LUN by LUN", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 2, luns: 3, paths: 2 });
	const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, gatherMs: 5, onFault });
	const reader = new FleetReader(fleet.store, live);
	{
		using look = await live.look();
		const { luns } = await reader.health();
		expect(luns).toHaveLength(3);
		for (const lun of luns) expect(lun).toBe(look.fleet.lun(lun.wwid));
	}
	await live.close();
});

test("a call after the watch ended, and the call after that, judge nothing again that is the same", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 2, luns: 3, paths: 2 });
	const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, gatherMs: 5, onFault });
	const reader = new FleetReader(fleet.store, live);
	const look = await live.look();
	const shown = look.fleet.luns;
	look[Symbol.dispose]();
	await live.close();
	const first = await reader.health();
	for (const [at, lun] of first.luns.entries()) expect(lun).toBe(shown[at]);
	await fleet.report("n1", ({ lun, path }) => lun === 1 && path === 0);
	const second = await reader.health();
	expect(second.luns.map((lun, at) => lun === first.luns[at])).toEqual([true, false, true]);
	expect(stateOf(second.luns, 1)).toBe("degraded");
	const third = await reader.health();
	for (const [at, lun] of third.luns.entries()) expect(lun).toBe(second.luns[at]);
});

test("a call shows what the store holds now, however far behind the watch is, and changes nothing that it shows", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 2, luns: 2, paths: 2 });
	const { store, hold, release } = heldBack(fleet.store);
	const live = new LiveFleet({ runtime: realRuntime, store, gatherMs: 5, onFault });
	const reader = new FleetReader(store, live);
	{
		using look = await live.look();
		const before = look.fleet.luns;
		const judged: (readonly [string, readonly string[] | null])[] = [];
		look.onStep(({ judgement }) => {
			for (const [wwid, nodes] of judgement.judged) judged.push([wwid, nodes === null ? null : [...nodes]]);
		});
		hold();
		await fleet.report("n1", ({ lun, path }) => lun === 1 && path === 0);
		expect(stateOf((await reader.health()).luns, 1)).toBe("degraded");
		await fleet.leave("n2");
		const { luns, nodes } = await reader.health();
		expect(nodes.map(({ node, online }) => [node, online])).toEqual([
			["n1", true],
			["n2", false],
		]);
		expect(luns.map((lun) => lun.nodes.get("n2")?.state)).toEqual(["unknown", "unknown"]);
		await fleet.configure(`wwid: ${wwidOf(0)}\n`);
		expect((await reader.health()).luns.map(({ wwid, alias }) => [wwid, alias])).toEqual([
			[wwidOf(0), null],
			[wwidOf(1), "lun-1"],
		]);
		expect(look.fleet.luns).toEqual(before);
		expect(judged).toEqual([]);
		release();
		await eventually("the watch has seen all of it", () => {
			const seen = look.fleet.lun(wwidOf(0));
			return seen?.alias === null && look.picture.nodes[1]?.online === 0;
		});
		expect(new Set(judged.map(([wwid]) => wwid))).toEqual(new Set([wwidOf(0), wwidOf(1)]));
		for (const lun of (await reader.health()).luns) expect(lun).toBe(look.fleet.lun(lun.wwid));
	}
	await live.close();
});
