import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyPlaces, kindOfReason, nextSteps, reasonKinds, stepOfKind } from "../../src/index.ts";
import { verdictOverNodes } from "../../src/verdict/fleet-verdict.ts";
import { anyConfig, anyNode, nodeNames } from "../fleet/any-fleet.ts";
import { allowed, configOf, mapWith, node, pathTo, silentNode, wwid } from "../fleet/fleet-of.ts";
import { fleetStatus } from "../fleet/whole-fleet-status.ts";

/** Every reason of every LUN, as a whole and on each node. */
function reasonsOf(...given: Parameters<typeof fleetStatus>): readonly string[] {
	return fleetStatus(...given).flatMap(({ reasons, nodes }) => [
		...reasons,
		...[...nodes.values()].flatMap((here) => here.reasons),
	]);
}

describe("a reason of a verdict", () => {
	test("is known by its form, whatever is wrong with a fleet, and every form that is known comes up", () => {
		const seen = new Set<string>(verdictOverNodes([]).reasons.map(kindOfReason));
		const many = mapWith(Array.from({ length: 18 }, (_, at) => pathTo(at, { checkerState: "faulty" })));
		for (const reason of reasonsOf(configOf(allowed()), [node("n1", { maps: [many] }), node("n2")]))
			seen.add(kindOfReason(reason));
		const fleets = fc.tuple(fc.tuple(...nodeNames.map(anyNode)), anyConfig);
		fc.assert(
			fc.property(fleets, ([nodes, { config, digest }]) => {
				for (const reason of reasonsOf(config, nodes, { configDigest: digest })) {
					expect({ reason, kind: kindOfReason(reason) }).not.toMatchObject({ kind: "other" });
					seen.add(kindOfReason(reason));
				}
			}),
			{ numRuns: 1000, seed: 11 },
		);
		expect([...seen].toSorted()).toEqual([...reasonKinds].toSorted());
	});

	test("that an agent gave in words of its own leads to what that node says", () => {
		const problem = "its report cannot be read: it breaks off";
		const reasons = reasonsOf(configOf(allowed()), [silentNode("n1", { online: true, problem })]);
		expect(reasons).toContain(`n1: ${problem}`);
		expect(nextSteps(reasons)).toEqual([stepOfKind.other]);
	});
});

describe("what to do", () => {
	test("is said for every kind of reason but those that only add to another one", () => {
		const silent = [...reasonKinds].filter((kind) => stepOfKind[kind] === null);
		expect(silent.toSorted()).toEqual(["io-outcome", "more-paths", "not-allowed", "some-work"]);
		for (const step of Object.values(stepOfKind))
			if (step !== null) expect(step).toMatch(/^[A-Zma].*[.)A-Z]$/s);
	});

	test("about a map without a path begins with what its paths share, and about none says nothing", () => {
		const dead = mapWith([pathTo(1, { checkerState: "faulty", dmState: "failed" })], { queueing: "forever" });
		const reasons = reasonsOf(configOf(allowed()), [node("n1", { maps: [dead] })]);
		expect(nextSteps(reasons)).toEqual([
			stepOfKind["queues-forever"],
			stepOfKind["no-path"],
			stepOfKind["failed-path"],
		]);
		expect(nextSteps([])).toEqual([]);
		const whole = mapWith([pathTo(1), pathTo(2)]);
		expect(nextSteps(reasonsOf(configOf(allowed()), [node("n1", { maps: [whole] })]))).toEqual([]);
	});

	test("says one thing once, however many nodes and paths it is true of", () => {
		const half = mapWith([
			pathTo(1),
			pathTo(2, { checkerState: "faulty" }),
			pathTo(3, { checkerState: "faulty" }),
		]);
		const nodes = ["n1", "n2"].map((name) => node(name, { maps: [half] }));
		const steps = nextSteps(reasonsOf(configOf(allowed({ wwid })), nodes));
		expect(steps).toEqual([stepOfKind["failed-path"]]);
	});
});

test("each empty place says what is so, and how to go on", () => {
	for (const { title, step, command } of Object.values(emptyPlaces)) {
		expect(title).toMatch(/^[A-Z].*\.$/);
		expect(step).toMatch(/^[A-Z].*[^.:]$/);
		if (command !== null) expect(command).toMatch(/^(?:pathkeeper|systemctl|rescan-scsi-bus\.sh)/);
	}
});
