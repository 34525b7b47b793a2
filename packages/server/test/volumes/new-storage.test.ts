import { lunContents } from "@pathkeeper/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SimulatedFleet } from "../simulated-fleet.ts";

/** A LUN that carries nothing. */
const empty = "36000a17000000000000000000000beef";
const add = (storage: string, more: object = {}) =>
	fleet.call("POST", "/storage", { storage, type: "lvm", vgname: "vg0", base: `san:${empty}`, ...more });

let fleet: SimulatedFleet;
beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1", "n2"] });
	await fleet.allow(empty);
	await fleet.call("POST", "/storage", { storage: "san", type: "multipath" });
});
afterAll(async () => await fleet[Symbol.asyncDispose]());

test("no group is made on a LUN that another node uses, though it looks empty, force or not", async () => {
	const words = "held open by kvm (process 4711)";
	const letGo = fleet.host("n2").kernel.map(empty)?.hold({ kind: "open", words });
	for (const more of [{}, { force: 1 }])
		expect(await add("data", more)).toMatchObject({
			status: 500,
			reason: `LUN ${empty} is in use and was not changed: n2: ${words}`,
		});
	expect(lunContents(fleet.san).has(empty)).toBe(false);
	expect((await fleet.call("GET", "/storage?type=lvm")).data).toEqual([]);
	letGo?.();
});

test("none is made while a node cannot say whether it uses the LUN, unless forced", async () => {
	await fleet.stopAgent("n2");
	expect((await add("data")).reason).toBe(
		`LUN ${empty} is in use and was not changed: n2: no sign of life from its agent, so it may use it`,
	);
	expect(lunContents(fleet.san).has(empty)).toBe(false);
	expect(await add("data", { force: 1 })).toMatchObject({ status: 200 });
});

test("a group that is there already is nothing to ask the others about", async () => {
	expect(await add("more")).toMatchObject({ status: 200 });
});
