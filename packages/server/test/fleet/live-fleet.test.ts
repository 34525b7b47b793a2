import { applyDelta, type Picture, unpackCell } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import { afterEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import type { FleetStep } from "../../src/fleet/watching.ts";
import { eventually, ReportedFleet, wwidOf } from "../reported-fleet.ts";

const faults: unknown[] = [];
const onFault = (error: unknown) => faults.push(error);
afterEach(() => expect(faults.splice(0)).toEqual([]));

/** The store, with a count of the watches that are open, and a switch that makes it unreachable. */
function observed(store: Store) {
	const state = { watches: 0, broken: false };
	const proxy: Store = {
		get: (key) => store.get(key),
		list: (prefix) => (state.broken ? Promise.reject(new Error("no answer")) : store.list(prefix)),
		txn: (txn) => store.txn(txn),
		lease: (ttlMs) => store.lease(ttlMs),
		compact: (revision) => store.compact(revision),
		space: () => store.space(),
		close: () => store.close(),
		async *watch(prefix, fromRevision, signal) {
			state.watches += 1;
			try {
				for await (const changes of store.watch(prefix, fromRevision, signal)) {
					if (state.broken) throw new Error("no answer");
					yield changes;
				}
			} finally {
				state.watches -= 1;
			}
		},
	};
	return { store: proxy, state };
}

const cellsOf = ({ states }: Picture) => [...states].map((byte) => unpackCell(byte).state);

describe("a live fleet", () => {
	test("is whole when somebody gets to see it", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 3, luns: 4, paths: 2 });
		const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, onFault });
		{
			using look = await live.look();
			expect(look.picture.nodes.map(({ node, online }) => [node, online])).toEqual([
				["n1", 1],
				["n2", 1],
				["n3", 1],
			]);
			expect(look.picture.luns.map(({ alias, state }) => [alias, state])).toEqual([
				["lun-0", "optimal"],
				["lun-1", "optimal"],
				["lun-2", "optimal"],
				["lun-3", "optimal"],
			]);
			expect(cellsOf(look.picture)).toEqual(Array.from({ length: 12 }, () => "optimal"));
		}
		await live.close();
	});

	test("leads by deltas from what was seen first to what is", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 3, luns: 10, paths: 4 });
		const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, gatherMs: 5, onFault });
		{
			using look = await live.look();
			let shown: Picture = look.picture;
			const steps: FleetStep[] = [];
			look.onStep((step) => {
				steps.push(step);
				if (step.delta === undefined) return;
				shown = (step.delta === null ? null : applyDelta(shown, step.delta)) ?? step.picture;
			});
			for (let round = 0; round < 20; round++) {
				const node = fleet.names[round % 3] ?? "n1";
				const before = steps.length;
				await fleet.report(node, ({ lun, path }) => (lun * 7 + path * 3 + round) % 5 === 0);
				// Those in between may be seen together.
				if (round % 5 === 4) await eventually("a step", () => steps.length > before);
			}
			await fleet.leave("n2");
			await eventually("n2 is missed", () => look.picture.nodes[1]?.online === 0);
			expect(shown.states).toEqual(look.picture.states);
			expect(shown.luns).toEqual(look.picture.luns);
			expect(shown.nodes).toEqual(look.picture.nodes);
			expect(steps.length).toBeGreaterThan(2);
			expect(cellsOf(look.picture)[1]).toBe("unknown");
		}
		await live.close();
	});

	test("judges only what a report changed", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 2, luns: 50, paths: 4 });
		const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, gatherMs: 5, onFault });
		{
			using look = await live.look();
			const judged: string[] = [];
			look.onStep((step) => judged.push(...step.judgement.judged.keys()));
			await fleet.report("n1", ({ lun, path }) => lun === 17 && path === 0);
			await eventually("it is judged", () => judged.length > 0);
			expect(judged).toEqual([wwidOf(17)]);
		}
		await live.close();
	});

	test("watches nothing when nobody looks, and goes on where somebody comes back soon", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
		const { store, state } = observed(fleet.store);
		const live = new LiveFleet({ runtime: realRuntime, store, lingerMs: 50, onFault });
		expect(state.watches).toBe(0);
		const first = await live.look();
		expect(state.watches).toBe(5);
		const { epoch } = first;
		first[Symbol.dispose]();
		first[Symbol.dispose]();
		const second = await live.look();
		expect(second.epoch).toBe(epoch);
		second[Symbol.dispose]();
		await eventually("nothing is watched", () => state.watches === 0);
		const third = await live.look();
		expect(third.epoch).not.toBe(epoch);
		third[Symbol.dispose]();
		await live.close();
		expect(state.watches).toBe(0);
	});

	test("says that what it shows is old while the store does not answer", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
		const { store, state } = observed(fleet.store);
		const live = new LiveFleet({ runtime: realRuntime, store, patienceMs: 20, gatherMs: 5, onFault });
		{
			using look = await live.look();
			state.broken = true;
			// A watch learns of it with the next thing that happens.
			await fleet.report("n1", ({ path }) => path === 0);
			await eventually("it is told", () => look.picture.problem !== null);
			expect(unpackCell(look.picture.states[0] ?? 0)).toMatchObject({ state: "optimal", stale: true });
			state.broken = false;
			await eventually("it is true again", () => look.picture.problem === null);
			expect(unpackCell(look.picture.states[0] ?? 0)).toMatchObject({ state: "degraded", stale: false });
		}
		await live.close();
	});

	test("keeps the last configuration that could be read, and says so", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 1, luns: 2, paths: 2 });
		const live = new LiveFleet({
			runtime: realRuntime,
			store: fleet.store,
			patienceMs: 20,
			gatherMs: 5,
			onFault,
		});
		{
			using look = await live.look();
			const value = new Uint8Array([1, 2, 3]);
			await fleet.store.txn({ writes: [{ op: "put", key: "config/multipath.cfg", value }] });
			await eventually("it is told", () => look.picture.problem !== null);
			expect(look.picture.luns).toHaveLength(2);
		}
		await live.close();
	});

	test("shows a node whose report cannot be read as unknown", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 2, luns: 1, paths: 2 });
		const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, gatherMs: 5, onFault });
		{
			using look = await live.look();
			const value = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 1]);
			await fleet.store.txn({ writes: [{ op: "put", key: "report/n1", value }] });
			await eventually("it is unknown", () => cellsOf(look.picture)[0] === "unknown");
			expect(look.picture.nodes[0]?.problem).toContain("report/n1");
			expect(cellsOf(look.picture)[1]).toBe("optimal");
		}
		await live.close();
	});

	test("lets go of who stops waiting for it", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
		const { store, state } = observed(fleet.store);
		const live = new LiveFleet({ runtime: realRuntime, store, lingerMs: 10, onFault });
		await expect(live.look(AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
		const stop = new AbortController();
		const waiting = live.look(stop.signal);
		stop.abort(new Error("tired"));
		await expect(waiting).rejects.toThrow("tired");
		await eventually("nothing is watched", () => state.watches === 0);
		await live.close();
	});
});
