/** Removal is where other systems lost data; tried on a whole agent through the API. */
import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { milk, type OneNode, oil, oneNode, until } from "../one-node.ts";
import { apiOf, verdict } from "./served-node.ts";

async function nodeWithLuns(release: (typeof releases)[number] = "0.15.1"): Promise<OneNode> {
	const node = await oneNode({ release });
	node.startAgent();
	await node.config(`wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n`);
	await verdict(node, milk, "optimal");
	return node;
}

describe.each(releases)("with multipath-tools %s", (release) => {
	it("forgetting a LUN that is in use is refused, names node and user, and leaves it as it was", async () => {
		const node = await nodeWithLuns(release);
		const reader = node.host.kernel.map(milk)?.read("LV vg0/data (dm-7) active");
		const { status, text } = await apiOf(node)("DELETE", `/wwids/${milk}`);
		expect(status).toBeGreaterThanOrEqual(400);
		expect(text).toContain("n1: LV vg0/data (dm-7) active");
		await node.applied();
		expect(node.host.kernel.map(milk)).toMatchObject({ name: "milk-run", suspended: false });
		expect(node.host.kernel.map(milk)?.disks).toHaveLength(4);
		expect(node.listedWwids()).toContain(milk);
		expect(reader).toMatchObject({ errors: 0, waiting: false });
	});

	it("un-listing an open map and a reconfigure by hand do not cut its users off", async () => {
		const node = await nodeWithLuns(release);
		const reader = node.host.kernel.map(milk)?.read("read by a test");
		node.unlistByHand(milk);
		await node.host.multipathd.reconfigure();
		await until(
			() => node.listedWwids().includes(milk),
			() => "not listed again",
		);
		await verdict(node, milk, "optimal");
		expect(reader).toMatchObject({ errors: 0, waiting: false });
	});

	it("a LUN that is forgotten is gone from map, list and config, and stays gone", async () => {
		const node = await nodeWithLuns(release);
		const { status } = await apiOf(node)("DELETE", `/wwids/${milk}`);
		expect(status).toBe(200);
		await node.applied();
		expect(node.host.kernel.map(milk)).toBeUndefined();
		expect(node.listedWwids()).toEqual([oil]);
		await node.host.multipathd.reconfigure();
		node.host.san.rescan("n1");
		await expect.poll(async () => (await node.host.multipathd.status()).phase).toBe("idle");
		await node.rounds("apply", 2);
		await node.rounds("observe", 2);
		expect(node.host.kernel.map(milk)).toBeUndefined();
		await verdict(node, oil, "optimal");
	});
});

it("nothing is removed because it is dead: neither maps nor entries, however long", async () => {
	const node = await nodeWithLuns();
	for (const port of ["vega-a1", "vega-a2", "vega-b1", "vega-b2"]) node.host.san.failPort(port);
	await verdict(node, milk, "failed");
	await node.rounds("apply", 6);
	await node.rounds("observe", 6);
	expect(node.host.kernel.maps).toHaveLength(2);
	expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
	for (const port of ["vega-a1", "vega-a2", "vega-b1", "vega-b2"]) node.host.san.restorePort(port);
	await verdict(node, milk, "optimal");
});

it("an idle map that nobody allowed is shown and left alone", async () => {
	const node = await oneNode();
	node.listByHand(oil);
	await node.host.multipathd.reconfigure();
	node.startAgent();
	await node.config(`wwid: ${milk}\n`);
	await verdict(node, oil, "unmanaged");
	await node.config("");
	await node.applied();
	expect(node.host.kernel.map(oil)).toBeDefined();
	expect(node.listedWwids()).toEqual([oil]);
});

it("a LUN that somebody else listed is forgotten by the fleet and stays on its host", async () => {
	const node = await oneNode();
	node.listByHand(oil);
	node.startAgent();
	await node.config(`wwid: ${oil}\n`);
	await verdict(node, oil, "optimal");
	expect((await apiOf(node)("DELETE", `/wwids/${oil}`)).status).toBe(200);
	await node.applied();
	expect(node.host.kernel.map(oil)).toBeDefined();
	expect(node.listedWwids()).toEqual([oil]);
});

it("a LUN is not taken out of the text of the config as if that were forgetting it", async () => {
	const node = await nodeWithLuns();
	const { status, text } = await apiOf(node)("PUT", "/config", { text: `wwid: ${oil}\n` });
	expect(status).toBe(400);
	expect(text).toContain("forget it instead");
	expect(node.host.kernel.map(milk)).toBeDefined();
});
