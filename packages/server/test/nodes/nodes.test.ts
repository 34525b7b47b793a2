import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet, tea } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2", "n3"] });
	await fleet.allow(milk, tea);
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

describe("the status of the fleet", () => {
	test("shows each LUN on each node, and each node with what it applied", async () => {
		const { luns, nodes } = await fleet.applied();
		expect(luns).toMatchObject([
			{ wwid: milk, state: "optimal", size: 512 * 1024 ** 3, vendor: "LIO-ORG", model: "vega" },
			{ wwid: tea, state: "optimal", vendor: "ALTAIR", model: "Quorum 9000" },
		]);
		expect(luns[0]?.nodes).toEqual({
			n1: { state: "optimal", paths: 4, usable: 4, expected: 4, reasons: [] },
			n2: { state: "optimal", paths: 4, usable: 4, expected: 4, reasons: [] },
			n3: { state: "optimal", paths: 4, usable: 4, expected: 4, reasons: [] },
		});
		expect(nodes).toMatchObject(
			["n1", "n2", "n3"].map((node) => ({
				node,
				online: 1,
				multipathd: { state: "running", problem: null, version: "0.11.1" },
				applied: { state: "applied", current: 1, error: null },
			})),
		);
	});

	test("is not disturbed by a report that cannot be read", async () => {
		const { store } = fleet;
		const whole = await store.get("report/n2");
		await store.txn({
			writes: [{ op: "put", key: "report/n2", value: new TextEncoder().encode("{broken") }],
		});
		const { luns, nodes } = await fleet.status();
		expect(luns.map(({ state }) => state)).toEqual(["unknown", "unknown"]);
		expect(Object.values(luns[0]?.nodes ?? {}).map(({ state }) => state)).toEqual([
			"optimal",
			"unknown",
			"optimal",
		]);
		expect(nodes[1]?.multipathd.problem).toContain("report/n2 in the store cannot be read");
		expect((await fleet.call("GET", "/nodes/n2/disks/multipath")).reason).toMatch(
			/^node 'n2' is not reachable \(report\/n2 in the store cannot be read/,
		);
		if (whole !== null) await store.txn({ writes: [{ op: "put", key: "report/n2", value: whole.value }] });
	});

	test("names node, path and portal when a path fails", async () => {
		const [dev = ""] = fleet
			.host("n3")
			.kernel.disksOf(milk)
			.map((disk) => disk.dev);
		fleet.san.failPath("n3", dev);
		await fleet.until(
			"the LUN is degraded",
			async () => (await fleet.status()).luns[0]?.state === "degraded",
		);
		const { luns } = await fleet.status();
		expect(luns[0]?.reasons).toEqual([
			"n3: 3 of 4 paths work",
			expect.stringMatching(
				new RegExp(`^n3: path ${dev} \\(\\d+:0:0:1\\) through 192\\.168\\.7\\d\\.\\d:3260 failed: `),
			),
		]);
		fleet.san.restorePath("n3", dev);
		await fleet.until("it is optimal again", async () => (await fleet.status()).luns[0]?.state === "optimal");
	});
});

describe("a node", () => {
	test("shows its maps with groups and paths, all or the one that was asked for", async () => {
		const all = await fleet.call("GET", "/nodes/n1/disks/multipath");
		expect(all.data).toHaveLength(2);
		const { data } = await fleet.call("GET", `/nodes/n1/disks/multipath?wwid=${milk}`);
		expect(data).toMatchObject([
			{
				name: milk,
				wwid: milk,
				path: `/dev/disk/by-id/dm-uuid-mpath-${milk}`,
				state: "optimal",
				users: [],
				groups: [
					{ group: 1, priority: 50 },
					{ group: 2, priority: 10 },
				],
			},
		]);
		expect(JSON.stringify(data)).toContain('"portal":"192.168.71.1:3260"');
	});

	test("shows who stands on a map", async () => {
		const close = fleet.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		await fleet.restartAgent("n2");
		await fleet.until("it is seen", async () =>
			(await fleet.call("GET", "/nodes/n2/disks/multipath")).body.includes('"users":["mounted on /srv"]'),
		);
		close?.();
	});

	test("shows what it sees beside its maps, one entry a WWID", async () => {
		const { data } = await fleet.call("GET", "/nodes/n1/disks/list");
		expect(data).toContainEqual(
			expect.objectContaining({
				wwid: oil,
				allowed: 0,
				carries: "LVM2_member",
				devices: expect.objectContaining({ length: 4 }),
			}),
		);
	});

	test("that left is offline, and asked for its maps it is not an empty one", async () => {
		await using small = await SimulatedFleet.start({ nodes: ["n1"] });
		await small.stopAgent("n1");
		expect((await small.call("GET", "/nodes")).data).toEqual([{ node: "n1", status: "offline" }]);
		expect(await small.call("GET", "/nodes/n1/disks/multipath")).toMatchObject({
			status: 500,
			reason: expect.stringMatching(/^node 'n1' is not reachable/),
		});
		expect((await small.call("GET", "/nodes/n1/status")).data).toMatchObject({ online: 0 });
	});
});
