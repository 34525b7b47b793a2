import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milk, oil, SimulatedFleet } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.allow(milk);
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

const get = async (path: string) => (await fleet.call("GET", path)).data;

describe("the fleet as Proxmox VE's clients ask for it", () => {
	test("has a status with its nodes", async () => {
		expect(await get("/cluster/status")).toEqual([
			{ id: "cluster", type: "cluster", name: "pathkeeper", nodes: 2, quorate: 1, version: 1 },
			{ id: "node/n1", type: "node", name: "n1", nodeid: 1, online: 1, local: 0, level: "" },
			{ id: "node/n2", type: "node", name: "n2", nodeid: 2, online: 1, local: 0, level: "" },
		]);
		expect(await get("/cluster")).toContainEqual({ name: "multipath" });
	});

	test("has resources, all or of one type", async () => {
		const nodes = [
			{ id: "node/n1", type: "node", node: "n1", status: "online" },
			{ id: "node/n2", type: "node", node: "n2", status: "online" },
		];
		const lun = {
			id: `lun/${milk}`,
			type: "lun",
			wwid: milk,
			name: milk,
			status: "optimal",
			maxdisk: 512 * 2 ** 30,
		};
		expect(await get("/cluster/resources")).toEqual([...nodes, lun]);
		expect(await get("/cluster/resources?type=lun")).toEqual([lun]);
		expect(await fleet.call("GET", "/cluster/resources?type=vm")).toMatchObject({ status: 400 });
	});

	test("is described to whoever asks", async () => {
		const answer = await fleet.app.inject({ url: "/api2/openapi.json" });
		expect(answer.statusCode).toBe(200);
		expect(answer.headers["content-type"]).toMatch(/^application\/json/);
		expect(answer.json()).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
	});

	test("shows its matrix, its metrics and its log", async () => {
		expect(await get("/cluster/multipath/matrix")).toMatchObject({
			nodes: [{ node: "n1" }, { node: "n2" }],
			luns: [{ wwid: milk, state: "optimal" }],
		});
		const metrics = await fleet.app.inject({ url: "/metrics?node=n1" });
		expect(metrics.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
		expect(metrics.body).toContain(`pathkeeper_lun_state{wwid="${milk}",alias=""} 0\n`);
		expect(metrics.body).not.toContain('node="n2"');
		expect((await fleet.app.inject({ url: "/metrics?nodes=n1" })).statusCode).toBe(400);
		expect(await get("/cluster/multipath/log")).toEqual({ entries: [], next: null });
	});
});

describe("a scan for LUNs", () => {
	test("finds those with a map and those without", async () => {
		const found = await get("/nodes/n1/scan/multipath");
		expect(found).toContainEqual(
			expect.objectContaining({
				...{ wwid: milk, allowed: 1, state: "optimal", paths: 4, size: 512 * 2 ** 30, users: [] },
			}),
		);
		expect(found).toContainEqual(
			expect.objectContaining({ wwid: oil, allowed: 0, state: null, name: null, paths: 4, users: null }),
		);
	});

	test("of a node that does not report is no empty one", async () => {
		await fleet.stopAgent("n2");
		expect(await fleet.call("GET", "/nodes/n2/scan/multipath")).toMatchObject({
			status: 500,
			reason: expect.stringContaining("node 'n2' is not reachable"),
		});
		expect(await fleet.call("GET", "/nodes/n9/scan/multipath")).toMatchObject({
			reason: "node 'n9' does not exist",
		});
		fleet.startAgent("n2");
	});
});
