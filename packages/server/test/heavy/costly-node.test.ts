import { zstdCompressSync } from "node:zlib";
import { joinFleet, ReportWriter } from "@pathkeeper/store";
import { expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { sampleReport } from "../../../store/test/documents/sample-report.ts";
import { SimulatedFleet } from "../simulated-fleet.ts";

test("a node whose report costs too much is unknown and says why; the others are as they are", async () => {
	await using fleet = await SimulatedFleet.start({ agents: false });
	const { store } = fleet;
	const join = (node: string) =>
		joinFleet(store, { node, run: node, agentVersion: "1.2.3", intervalMs: 5000, joinedAt: 0 });
	await new ReportWriter(store, "good", realRuntime).write(sampleReport("good"), await join("good"));
	const value = zstdCompressSync(Buffer.from(`[${"{},".repeat(40_000_000)}{}]`));
	await join("bad");
	await store.txn({ writes: [{ op: "put", key: "report/bad", value }] });

	using look = await fleet.live.look();
	expect(look.fleet.nodes.find(({ node }) => node === "bad")).toMatchObject({
		head: null,
		problem: expect.stringContaining("report/bad"),
	});
	for (let asked = 0; asked < 3; asked++) {
		const { nodes } = await fleet.status();
		expect(nodes).toMatchObject([
			{
				node: "bad",
				findings: [
					{ code: "report-unreadable", text: expect.stringContaining("is not read until it changes") },
				],
			},
			{ node: "good", multipathd: { state: "running" } },
		]);
	}
	const one = await fleet.call("GET", "/nodes/bad/status");
	expect(one.data).toMatchObject({ multipathd: { state: "unknown" } });
	expect(fleet.faults).toEqual([]);
});
