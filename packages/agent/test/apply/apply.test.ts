import { releases } from "@pathkeeper/host";
import { describe, expect, it } from "vitest";
import { configFile, milk, oneNode, overridesFile } from "../one-node.ts";

describe.each(releases)("applying with multipath-tools %s", (release) => {
	it("makes nothing of an empty list", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		const report = await node.applied();
		expect(report.maps).toEqual([]);
		expect(node.read(configFile)).toBeNull();
		expect(node.read(overridesFile)).toBeNull();
		expect(node.listedWwids()).toEqual([]);
	});

	it("lists an allowed LUN, writes its block and gets its map", async () => {
		const node = await oneNode({ release });
		node.startAgent();
		await node.applied();
		await node.allow(milk, { alias: "milk-run" });
		await node.applied();
		const report = await node.reported(({ maps, settling }) => maps.length === 1 && !settling, "the map");
		expect(report.maps[0]).toMatchObject({ wwid: milk, name: "milk-run" });
		expect(node.listedWwids()).toEqual([milk]);
		expect(node.ownedWwids()).toEqual([milk]);
		expect(node.read(configFile)).toContain('alias "milk-run"');
	});
});
