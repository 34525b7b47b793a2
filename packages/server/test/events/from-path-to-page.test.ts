/** From a path that fails on a host to what a page and the log show: nothing on the way is replaced but the host. */
import { unpackCell } from "@pathkeeper/model";
import { readLog } from "@pathkeeper/store";
import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { runHistory } from "../../src/history/history-writer.ts";
import { eventually } from "../reported-fleet.ts";
import { milk, SimulatedFleet, tea } from "../simulated-fleet.ts";
import { EventReader, LiveServer } from "./event-reader.ts";

test("a path that fails on a host is an event and an entry, and so is its return", async () => {
	await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.allow(milk, tea);
	const faults: unknown[] = [];
	const onFault = (error: unknown) => faults.push(error);
	const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, onFault });
	const stop = new AbortController();
	const usual = { runtime: realRuntime, store: fleet.store, live, onFault };
	const history = { ...usual, holder: "test", windowMs: 100, graceMs: 100 };
	const written = runHistory(history, stop.signal);
	await using server = await LiveServer.start(live, { store: fleet.store });
	using reader = await EventReader.open(server);
	const { luns, nodes } = await reader.next("snapshot");
	expect(luns.map(({ wwid }) => wwid)).toEqual([milk, tea]);
	expect(nodes.map(({ node }) => node)).toEqual(["n1", "n2"]);

	const states = async (row: number, column: number) => {
		const { cells } = await reader.next("delta");
		return cells.filter(([y, x]) => y === row && x === column).map(([, , byte]) => unpackCell(byte).state);
	};
	const cellBecomes = async (state: string) =>
		await eventually(`the cell is ${state}`, async () => (await states(0, 1)).some((one) => one === state));
	const entriesWith = async (...events: readonly string[]) =>
		await eventually(`${events.join(" and ")} are told`, async () => {
			const page = await readLog(fleet.store, { since: 0, until: Date.now(), lun: milk, limit: 100 });
			const told = new Set(page.entries.map(({ kind, event }) => `${kind} ${event}`));
			return events.every((event) => told.has(event)) && page.entries;
		});
	fleet.san.failSession("n2", "vega-a1");
	await cellBecomes("degraded");
	// What fails and comes back within one window is one entry; on a busy machine both would be.
	await entriesWith("path failed", "lun degraded");
	fleet.san.restoreSession("n2", "vega-a1");
	await cellBecomes("optimal");

	const entries = await entriesWith("path restored", "lun optimal");
	const failed = entries.find(({ event }) => event === "failed");
	expect(failed).toMatchObject({ kind: "path", nodes: ["n2"], luns: [milk], ports: ["192.168.71.1:3260"] });
	expect(entries.find(({ event }) => event === "degraded")).toMatchObject({ kind: "lun", nodes: ["n2"] });
	stop.abort();
	await written;
	await live.close();
	expect(faults).toEqual([]);
});
