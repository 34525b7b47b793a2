import { exitCode, expectedFromPeers, fleetVerdict, type LunState } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const nodes = (...states: readonly LunState[]) =>
	states.map((state, n) => ({ node: `n${n + 1}`, verdict: { state, reasons: [`n${n + 1}: is ${state}`] } }));

describe("a LUN over all its nodes", () => {
	it.each<[LunState, readonly LunState[]]>([
		["optimal", ["optimal", "optimal"]],
		["degraded", ["optimal", "optimal", "optimal", "degraded"]],
		["missing", ["optimal", "missing", "degraded"]],
		["failed", ["missing", "failed", "degraded"]],
		["optimal", ["optimal", "unknown"]],
		["degraded", ["unknown", "degraded"]],
		["unknown", ["unknown", "unknown"]],
		["unknown", []],
		["optimal", ["unmanaged", "optimal"]],
	])("is %s over %j", (state, states) => {
		expect(fleetVerdict(nodes(...states)).state).toBe(state);
	});

	it("counts the nodes of which nothing is known beside its state", () => {
		expect(fleetVerdict(nodes("optimal", "unknown", "degraded"))).toEqual({
			state: "degraded",
			reasons: ["n3: is degraded", "n1: is optimal", "n2: is unknown"],
			unknownNodes: ["n2"],
		});
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
