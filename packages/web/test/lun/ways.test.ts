import type { LunState } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { maxPictured, picturedNodes, waysOf } from "../../src/lun/ways.ts";
import { lunOf, mapOn, silentOn } from "./lun-maps.ts";

const names = Array.from({ length: 40 }, (_, at) => `n${at + 1}`);

test("of many nodes the worst are drawn, and silent ones take no place from those that can be", () => {
	const states = Object.fromEntries(
		names.map((node, at): [string, LunState] => [
			node,
			node === "n40" ? "failed" : node === "n39" ? "degraded" : at < 20 ? "unknown" : "optimal",
		]),
	);
	const maps = names.map((node, at) => (at < 20 ? silentOn(node) : mapOn(node)));
	const drawn = picturedNodes(maps, lunOf("failed", states).nodes);
	expect(drawn.size).toBe(maxPictured);
	expect([...drawn].slice(0, 3)).toEqual(["n40", "n39", "n21"]);
	expect([...drawn].every((node) => maps.find((map) => map.node === node)?.error === null)).toBe(true);
});

test("a path that a drawn node lacks is missing though only nodes that are not drawn have it", () => {
	const maps = [mapOn("n1", { ports: ["a"] }), mapOn("n2")];
	const absent = waysOf(maps).filter(({ state }) => state === "absent");
	expect(absent.map(({ node, port }) => [node, port])).toEqual([["n1", "b"]]);
});
