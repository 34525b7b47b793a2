import { readAudit } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { milk, SimulatedFleet, tea } from "../simulated-fleet.ts";

const n2 = "/cluster/pathkeeper/nodes/n2";
const named = `${n2}?confirm=n2`;

/** Two nodes with LUNs; something on n2 may use one, and then its agent dies. */
async function fleetWithDeadNode(isUsed: boolean): Promise<SimulatedFleet> {
	const fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.allow(milk, tea);
	await fleet.call("PUT", `/cluster/multipath/wwids/${milk}`, { alias: "milk-run" });
	await fleet.applied();
	if (isUsed) {
		fleet.host("n2").kernel.map(milk)?.hold({ kind: "mount", words: "mounted on /srv" });
		await fleet.until("n2 says that it uses it", async () => {
			const { data } = await fleet.call("GET", n2);
			return JSON.stringify(data).includes("mounted on /srv");
		});
	}
	await fleet.stopAgent("n2");
	return fleet;
}

const lunStates = async (fleet: SimulatedFleet) => (await fleet.status()).luns.map(({ state }) => state);

describe("removing a node", () => {
	test("is refused while its agent runs, whatever name is typed, and for a node that nobody knows", async () => {
		await using fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
		for (const path of [n2, named]) {
			const { status, reason } = await fleet.call("DELETE", path);
			expect(status).toBe(500);
			expect(reason).toMatch(/^node 'n2' was not removed, because its agent is running/);
		}
		expect((await fleet.call("DELETE", "/cluster/pathkeeper/nodes/n9")).reason).toBe(
			"node 'n9' does not exist",
		);
		expect((await fleet.status()).nodes).toHaveLength(2);
		expect(await readAudit(fleet.store, realRuntime, 10)).toEqual([]);
	});

	test("names what was in use there when it was last heard, until its name is typed", async () => {
		await using fleet = await fleetWithDeadNode(true);
		expect((await fleet.call("GET", n2)).data).toMatchObject({
			node: "n2",
			online: 0,
			uses: ["LUN milk-run: mounted on /srv"],
		});
		const refused = await fleet.call("DELETE", n2);
		expect(refused.reason).toMatch(/may only be cut off .*: LUN milk-run: mounted on \/srv\. If that host/);
		const wrong = await fleet.call("DELETE", `${n2}?confirm=n1`);
		expect(wrong.errors).toEqual({ confirm: "'n1' is not the name of the node, which is 'n2'" });
		expect((await fleet.status()).nodes).toHaveLength(2);
		expect((await fleet.call("DELETE", named)).data).toMatchObject({
			node: "n2",
			uses: ["LUN milk-run: mounted on /srv"],
		});
		expect((await fleet.status()).nodes.map(({ node }) => node)).toEqual(["n1"]);
		expect(await lunStates(fleet)).toEqual(["optimal", "optimal"]);
		const [record] = await readAudit(fleet.store, realRuntime, 1);
		expect(record).toMatchObject({ what: "node.remove", subject: "n2" });
	});

	test("without its report takes its name: what it uses is not known", async () => {
		await using fleet = await fleetWithDeadNode(false);
		await fleet.store.txn({ writes: [{ op: "delete", key: "report/n2" }] });
		expect((await fleet.call("DELETE", n2)).reason).toContain(
			"it left no report, so what it uses is not known",
		);
		expect((await fleet.call("DELETE", named)).status).toBe(200);
	});

	test("lets a LUN go that was refused for its sake, without force", async () => {
		await using fleet = await fleetWithDeadNode(false);
		expect(await lunStates(fleet)).toEqual(["unknown", "unknown"]);
		const path = `/cluster/multipath/wwids/${milk}`;
		expect((await fleet.call("DELETE", path)).reason).toContain("no sign of life from its agent");
		expect((await fleet.call("DELETE", n2)).status).toBe(200);
		expect(await fleet.call("DELETE", path)).toMatchObject({ status: 200, data: { verified: 1 } });
		expect(fleet.host("n1").kernel.map(milk)).toBeUndefined();
	});

	test("is seen by who watches, and its agent joins as new when it comes back", async () => {
		await using fleet = await fleetWithDeadNode(false);
		using look = await fleet.live.look();
		const shown = () => look.picture.nodes.map(({ node }) => node);
		expect(shown()).toEqual(["n1", "n2"]);
		await fleet.call("DELETE", n2);
		await fleet.until("it is gone from the picture", () => Promise.resolve(shown().join() === "n1"));
		expect(look.picture.luns.map(({ state }) => state)).toEqual(["optimal", "optimal"]);
		fleet.startAgent("n2");
		await fleet.until("it is back", () => Promise.resolve(look.picture.nodes[1]?.online === 1));
		await fleet.until(
			"its LUNs are judged again",
			async () => (await lunStates(fleet)).join() === "optimal,optimal",
		);
	});

	test("tells which LUNs and storages are still meant for it", async () => {
		await using fleet = await fleetWithDeadNode(false);
		await fleet.call("PUT", `/cluster/multipath/wwids/${tea}`, { nodes: "n1,n2" });
		await fleet.call("POST", "/storage", {
			storage: "local",
			type: "dir",
			path: "/srv/local",
			nodes: "n1,n2",
		});
		expect((await fleet.call("DELETE", n2)).data).toMatchObject({ named: [`LUN ${tea}`, "storage local"] });
	});
});
