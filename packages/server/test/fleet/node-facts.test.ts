import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { FleetJudge } from "../../src/fleet/fleet-judge.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { FleetReader } from "../../src/fleet/read-fleet.ts";
import { ReportFacts } from "../../src/fleet/report-facts.ts";
import { ReportReader } from "../../src/heavy/report-reader.ts";
import { eventually, ReportedFleet, wwidOf } from "../reported-fleet.ts";

const onFault = (error: unknown) => {
	throw error;
};

describe("the report of a node", () => {
	test("is what was last known there once its agent is gone, and says nothing of now", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 2, luns: 1, paths: 2 });
		const noWorker = { do: () => Promise.reject(new Error("these are light reports")) };
		const facts = new ReportFacts(new ReportReader(noWorker, realRuntime), realRuntime);
		const reader = new FleetReader(fleet.store, { facts, judge: new FleetJudge() });
		await fleet.leave("n1");
		const [n1, n2] = await reader.nodes();
		expect(n1).toMatchObject({ node: "n1", online: false, head: null, usedLuns: [] });
		expect([...(n1?.luns.keys() ?? [])]).toEqual([]);
		expect([...(n1?.last?.luns.keys() ?? [])]).toEqual([wwidOf(0)]);
		expect(n1?.last).toMatchObject({ head: { at: 1_763_800_000_000 }, usedLuns: [wwidOf(0)] });
		expect(n2).toMatchObject({ online: true, head: { node: "n2" }, last: null });
		expect(await reader.node("n1")).toMatchObject({ online: false, report: null, last: { node: "n1" } });
	});

	test("of an earlier run is history until the run that came after it has reported", async () => {
		await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
		const live = new LiveFleet({ runtime: realRuntime, store: fleet.store, gatherMs: 5, onFault });
		const reader = new FleetReader(fleet.store, live);
		{
			using look = await live.look();
			const shown = () => look.fleet.nodes.find(({ node }) => node === "n1");
			await fleet.leave("n1");
			await fleet.join("n1");
			await eventually("the new run is there", () => shown()?.online === true && shown()?.head === null);
			expect(shown()?.last?.head).not.toBeNull();
			expect(await reader.nodes()).toMatchObject([{ online: true, head: null, last: { node: "n1" } }]);
			expect((await reader.health()).luns).toMatchObject([{ state: "unknown" }]);
			await fleet.report("n1", undefined, { at: 1_763_900_000_000 });
			await eventually("it has reported", () => shown()?.head?.at === 1_763_900_000_000);
			expect(shown()?.last).toBeNull();
			expect(await reader.nodes()).toMatchObject([{ head: { at: 1_763_900_000_000 }, last: null }]);
		}
		await live.close();
	});
});
