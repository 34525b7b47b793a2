import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	createPool,
	type FactPools,
	type FleetConfig,
	factPools,
	JudgedFleet,
	type NodeView,
	nodeFacts,
} from "../../src/index.ts";
import { anySteps, type FleetStep } from "./any-fleet.ts";
import { allowed, configOf, failed, healthyMap, mapWith, node, pathTo, wwid } from "./fleet-of.ts";
import { fleetStatus } from "./whole-fleet-status.ts";

function apply(fleet: JudgedFleet, steps: readonly FleetStep[], pools: FactPools): void {
	for (const step of steps) {
		if (step.kind === "node") fleet.setNode(nodeFacts(step.view, pools));
		else if (step.kind === "gone") fleet.removeNode(step.name);
		else fleet.setConfig(step.config, { configDigest: step.digest });
	}
}

describe("a fleet that is judged as it changes", () => {
	test("is after every change what judging all of it anew gives", () => {
		fc.assert(
			fc.property(anySteps, fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }), (steps, looks) => {
				const judged = new JudgedFleet();
				const pools = factPools();
				const nodes = new Map<string, NodeView>();
				let config: FleetConfig = configOf();
				let digest: string | null = null;
				for (const [at, step] of steps.entries()) {
					if (step.kind === "node") {
						nodes.set(step.view.node, step.view);
						judged.setNode(nodeFacts(step.view, pools));
					} else if (step.kind === "gone") {
						nodes.delete(step.name);
						judged.removeNode(step.name);
					} else {
						config = step.config;
						digest = step.digest;
						judged.setConfig(config, { configDigest: digest });
					}
					if (!looks[at]) continue;
					judged.judge();
					const anew = fleetStatus(
						config,
						[...nodes.values()].sort((a, b) => (a.node < b.node ? -1 : 1)),
						{ configDigest: digest },
					);
					expect(judged.luns).toEqual(anew);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test("goes its own way after it was copied, and so does the copy", () => {
		const judgeBy = (steps: readonly FleetStep[], others: readonly FleetStep[], withCopy: boolean) => {
			const pools = factPools();
			const half = Math.ceil(steps.length / 2);
			const halfJudged = () => {
				const begun = new JudgedFleet();
				apply(begun, steps.slice(0, half), pools);
				begun.judge();
				apply(begun, steps.slice(half), pools);
				return begun;
			};
			const fleet = halfJudged();
			const copy = withCopy ? fleet.copy() : halfJudged();
			apply(copy, others, pools);
			const ofCopy = copy.judge();
			const ofFleet = fleet.judge();
			apply(fleet, others.slice(0, 2), pools);
			return [ofFleet.judged, fleet.judge().judged, fleet.luns, ofCopy.judged, copy.luns, copy.nodes];
		};
		fc.assert(
			fc.property(anySteps, anySteps, (steps, others) => {
				expect(judgeBy(steps, others, true)).toEqual(judgeBy(steps, others, false));
			}),
			{ numRuns: 300 },
		);
	});

	test("shares with its copy what neither judges again", () => {
		const other = "36001405ffff";
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed(), allowed({ wwid: other, alias: "other" })), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1", { maps: [healthyMap(4), healthyMap(4, { wwid: other })] })));
		fleet.judge();
		const before = fleet.luns;
		const copy = fleet.copy();
		const lame = mapWith([pathTo(1, failed), pathTo(2), pathTo(3), pathTo(4)]);
		copy.setNode(nodeFacts(node("n1", { maps: [lame, healthyMap(4, { wwid: other })] })));
		expect([...copy.judge().judged.keys()]).toEqual([wwid]);
		expect(copy.lun(other)).toBe(fleet.lun(other));
		expect(copy.lun(wwid)?.state).toBe("degraded");
		expect(fleet.luns).toEqual(before);
		expect(fleet.judge().judged.size).toBe(0);
	});

	test("judges only the LUN of a path that failed, and of it only that node", () => {
		const other = "36001405ffff";
		const maps = (first: ReturnType<typeof healthyMap>) => [first, healthyMap(4, { wwid: other })];
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed(), allowed({ wwid: other, alias: "other" })), { configDigest: "d1" });
		for (const name of ["n1", "n2"]) fleet.setNode(nodeFacts(node(name, { maps: maps(healthyMap(4)) })));
		expect(fleet.judge().judged.size).toBe(2);
		const before = fleet.lun(wwid)?.nodes.get("n2");
		const lame = mapWith([pathTo(1, failed), pathTo(2), pathTo(3), pathTo(4)]);
		fleet.setNode(nodeFacts(node("n1", { maps: maps(lame) })));
		const { judged, reshaped } = fleet.judge();
		expect(judged).toEqual(new Map([[wwid, new Set(["n1"])]]));
		expect(reshaped).toBe(false);
		expect(fleet.lun(wwid)?.state).toBe("degraded");
		expect(fleet.lun(wwid)?.nodes.get("n2")).toBe(before);
	});

	test("has nothing to judge when a node reports the same again", () => {
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(allowed()), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1")));
		fleet.judge();
		fleet.setNode(nodeFacts(node("n1", { at: 1_800_000_000_000 })));
		expect(fleet.judge().judged.size).toBe(0);
	});

	test("is reshaped when a map that nobody allowed appears", () => {
		const fleet = new JudgedFleet();
		fleet.setConfig(configOf(), { configDigest: "d1" });
		fleet.setNode(nodeFacts(node("n1", { map: null })));
		fleet.judge();
		fleet.setNode(nodeFacts(node("n1")));
		expect(fleet.judge().reshaped).toBe(true);
		expect(fleet.luns.map(({ state }) => state)).toEqual(["unmanaged"]);
	});
});

describe("what equal nodes have in common", () => {
	test("is kept once", () => {
		const pools = factPools();
		const [a, b] = ["n1", "n2"].map((name) => nodeFacts(node(name), pools).luns.get(wwid));
		expect(a?.map).toBe(b?.map);
		expect(a?.ways).toBe(b?.ways);
		expect(a?.looks).toBe(b?.looks);
	});

	test("is forgotten before it grows without end", () => {
		const pool = createPool<object>(2);
		const first = pool("a", () => ({}));
		expect(pool("a", () => ({}))).toBe(first);
		pool("b", () => ({}));
		pool("c", () => ({}));
		expect(pool("a", () => ({}))).not.toBe(first);
	});
});
