import { exitCode, expectedFromPeers, type LunState, verdictOverNodes, worstFirst } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const nodes = (...states: readonly LunState[]) =>
	states.map((state, n) => [`n${n + 1}`, { state, reasons: [`n${n + 1}: is ${state}`] }] as const);

describe("a LUN over all its nodes", () => {
	it.each<[LunState, readonly LunState[]]>([
		["optimal", ["optimal", "optimal"]],
		["degraded", ["optimal", "optimal", "optimal", "degraded"]],
		["missing", ["optimal", "missing", "degraded"]],
		["failed", ["missing", "failed", "degraded"]],
		["unknown", ["optimal", "unknown"]],
		["unknown", ["unknown", "degraded"]],
		["missing", ["unknown", "missing"]],
		["failed", ["unknown", "failed"]],
		["unknown", ["unknown", "unknown"]],
		["unknown", []],
		["unknown", ["unmanaged"]],
		["optimal", ["unmanaged", "optimal"]],
	])("is %s over %j", (state, states) => {
		expect(verdictOverNodes(nodes(...states)).state).toBe(state);
	});

	it("has the reasons of its nodes in the order of their states", () => {
		expect(verdictOverNodes(nodes("optimal", "degraded", "unknown", "missing"))).toEqual({
			state: "missing",
			reasons: ["n4: is missing", "n3: is unknown", "n2: is degraded", "n1: is optimal"],
		});
	});

	it("is never better because a node went silent, and at best unknown", () => {
		const told = fc.constantFrom<LunState>("optimal", "degraded", "failed", "missing", "unknown");
		fc.assert(
			fc.property(fc.array(told, { minLength: 1 }), fc.nat(), (states, which) => {
				const before = nodes(...states);
				const at = which % states.length;
				const after = before.map(([node, verdict], n) =>
					n === at
						? ([node, { ...verdict, state: "unknown", last: verdict.state }] as const)
						: ([node, verdict] as const),
				);
				const [was, is] = [verdictOverNodes(before).state, verdictOverNodes(after).state];
				expect(worstFirst.indexOf(is)).toBeLessThanOrEqual(worstFirst.indexOf(was));
				expect(["failed", "missing", "unknown"]).toContain(is);
			}),
		);
	});
});

describe("the exit code", () => {
	it.each<[number, readonly LunState[]]>([
		[0, []],
		[0, ["optimal", "unmanaged"]],
		[1, ["optimal", "degraded"]],
		[3, ["degraded", "unknown"]],
		[2, ["unknown", "missing"]],
		[2, ["failed", "degraded"]],
	])("is %d for %j", (code, states) => {
		expect(exitCode(states, ["ok"])).toBe(code);
	});

	it("is never 0 or 1 when a daemon is silent or unreadable", () => {
		const state = fc.constantFrom<LunState>(
			"optimal",
			"degraded",
			"failed",
			"missing",
			"unknown",
			"unmanaged",
		);
		fc.assert(
			fc.property(
				fc.array(state),
				fc.constantFrom("silent" as const, "unreadable" as const),
				(states, daemon) => {
					expect([2, 3]).toContain(exitCode(states, ["ok", daemon]));
				},
			),
		);
	});
});

describe("how many paths a LUN should have", () => {
	it("is the highest number that any node has configured", () => {
		expect(expectedFromPeers([2, 4, null, 3])).toBe(4);
		expect(expectedFromPeers([0])).toBe(0);
	});

	it("is not known when no node tells", () => {
		expect(expectedFromPeers([])).toBeNull();
		expect(expectedFromPeers([null, null])).toBeNull();
	});
});
