import { describe, expect, test } from "vitest";
import type { LunState, LunStatus, MultipathMap, NodeView } from "../../src/index.ts";
import {
	allowed,
	candidate,
	configOf,
	failed,
	healthyMap,
	kernelMap,
	mapWith,
	node,
	pathTo,
	silentNode,
	wwid,
} from "./fleet-of.ts";
import { fleetStatus } from "./whole-fleet-status.ts";

function statusOf(
	nodes: readonly NodeView[],
	lun = allowed(),
	options?: Parameters<typeof fleetStatus>[2],
): LunStatus {
	const [status] = fleetStatus(configOf(lun), nodes, options);
	if (status === undefined) throw new Error("the LUN is not in the status");
	return status;
}

function statesOf({ nodes }: LunStatus) {
	return Object.fromEntries([...nodes].map(([name, { state }]) => [name, state]));
}

describe("a LUN over its nodes", () => {
	test("is optimal when it is on every node, and has nothing to say", () => {
		const status = statusOf([node("n1"), node("n2"), node("n3")]);
		expect(status).toMatchObject({ state: "optimal", reasons: [], alias: "db-log", product: "vega" });
		expect(status.nodes.get("n2")).toEqual({
			state: "optimal",
			reasons: [],
			paths: 4,
			usable: 4,
			expected: 4,
		});
	});

	test("is as bad as its worst node, which is named with the path and its portal", () => {
		const three = mapWith([pathTo(1), pathTo(2), pathTo(3), pathTo(4, failed)]);
		const status = statusOf([node("n1"), node("n2"), node("n3"), node("n4", { map: three })]);
		expect(status.state).toBe("degraded");
		expect(statesOf(status)).toEqual({ n1: "optimal", n2: "optimal", n3: "optimal", n4: "degraded" });
		expect(status.reasons).toEqual([
			"n4: 3 of 4 paths work",
			"n4: path sde (4:0:0:1) through 192.168.72.4:3260 failed: checker faulty, dm failed",
		]);
	});

	test("names no node where there is only one", () => {
		const status = statusOf([node("n1", { map: mapWith([pathTo(1), pathTo(2, failed)]) })]);
		expect(status.reasons[0]).toBe("1 of 2 paths work");
	});

	test("is unknown where one of its nodes is, and says which", () => {
		const status = statusOf([node("n1"), silentNode("n2", { online: false })]);
		expect(status.state).toBe("unknown");
		expect(statesOf(status)).toEqual({ n1: "optimal", n2: "unknown" });
		expect(status.reasons).toEqual(["n2: no sign of life from its agent"]);
	});

	test("is unknown when no node tells", () => {
		const nodes = [silentNode("n1", { online: false }), silentNode("n2", { online: true })];
		expect(statusOf(nodes)).toMatchObject({
			state: "unknown",
			reasons: ["n1: no sign of life from its agent", "n2: no report yet"],
		});
		expect(statusOf([])).toMatchObject({ state: "unknown", reasons: ["no node reports on it"] });
	});
});

describe("a node without a map", () => {
	test("misses a LUN that it should carry", () => {
		const status = statusOf([node("n1"), node("n2", { map: null })]);
		expect(status.state).toBe("missing");
		expect(status.reasons).toEqual(["n2: there is no multipath map for it"]);
		expect(status.nodes.get("n2")).toMatchObject({ paths: 0, usable: 0, expected: 4 });
	});

	test("misses nothing that is meant for other nodes", () => {
		const status = statusOf([node("n1"), node("n2", { map: null })], allowed({ nodes: ["n1"] }));
		expect(status.state).toBe("optimal");
		expect([...status.nodes.keys()]).toEqual(["n1"]);
	});

	test("says why when the configuration could not be applied", () => {
		const applied = { state: "failed" as const, error: "multipath -t objects: line 7" };
		expect(statusOf([node("n1", { map: null, applied })])).toMatchObject({
			state: "missing",
			reasons: [
				"there is no multipath map for it",
				"n1: the configuration is not applied: multipath -t objects: line 7",
			],
		});
	});

	test("is not blamed before it has applied what allows the LUN", () => {
		const nodes = [node("n1", { map: null, applied: { configDigest: "d1" } })];
		expect(statusOf(nodes, allowed(), { configDigest: "d2" })).toMatchObject({
			state: "unknown",
			reasons: ["n1: the current configuration is not applied yet"],
		});
		expect(statusOf(nodes, allowed(), { configDigest: "d1" }).state).toBe("missing");
		expect(statusOf([node("n1", { map: null, applied: { state: "pending" } })]).state).toBe("unknown");
	});

	test("is not blamed while multipathd settles", () => {
		expect(statusOf([node("n1", { map: null, settling: true })])).toMatchObject({
			state: "unknown",
			reasons: ["n1: multipathd is settling and has no map of it yet"],
		});
	});

	test("that has it in the kernel alone is unknown: nobody watches its paths", () => {
		expect(statusOf([node("n1", { map: null, kernelMaps: [kernelMap()] })])).toMatchObject({
			state: "unknown",
			reasons: [
				"n1: the kernel holds its map db-log (dm-3) and multipathd does not know it: nobody watches its paths",
			],
		});
	});
});

describe("a LUN that is meant for certain nodes", () => {
	test("tells of one that never joined the fleet", () => {
		const status = statusOf([node("n1"), node("n2", { map: null })], allowed({ nodes: ["n1", "n9"] }));
		expect(statesOf(status)).toEqual({ n1: "optimal", n9: "unknown" });
		expect(status.reasons).toEqual([
			"n9: the LUN is assigned to it, and no agent of that name has ever reported",
		]);
	});

	test("shows the map that another one holds, and never counts it", () => {
		const broken = mapWith([pathTo(1, failed)]);
		const status = statusOf([node("n1"), node("n2", { map: broken })], allowed({ nodes: ["n1"] }));
		expect(status.state).toBe("optimal");
		expect(statesOf(status)).toEqual({ n1: "optimal", n2: "unmanaged" });
	});
});

describe("a node that cannot be judged is unknown", () => {
	test.each([
		[
			"offline, whatever it reported last",
			node("n1", { online: false }),
			"no sign of life from its agent; optimal then",
		],
		[
			"a report that cannot be read",
			silentNode("n1", { online: true, problem: "report/n1 in the store cannot be read: cut" }),
			"report/n1 in the store cannot be read: cut",
		],
		[
			"a silent daemon",
			node("n1", { map: null, daemon: { state: "silent", problem: null }, kernelMaps: [kernelMap()] }),
			"multipathd is silent; the kernel still holds its map db-log (dm-3) over 2 paths, unwatched",
		],
		[
			"a daemon that does not run",
			node("n1", { map: null, daemon: { state: "not-running", problem: "multipathd is not running" } }),
			"multipathd is not running; the kernel holds no map of it",
		],
		[
			"an unreadable answer, though a map could be read of it",
			node("n1", { daemon: { state: "unreadable", problem: "its list of maps cannot be read" } }),
			"its list of maps cannot be read; the kernel holds no map of it",
		],
		[
			"one WWID on two maps",
			node("n1", { maps: [healthyMap(4), healthyMap(4, { name: "other" })] }),
			"multipathd lists 2 maps of it: its state cannot be determined",
		],
		[
			"a map that multipathd has forgotten",
			node("n1", { map: mapWith([]), kernelMaps: [kernelMap()] }),
			"multipathd has forgotten the paths of its map, which the kernel still uses (sdb, sdc): nobody watches them",
		],
	])("%s", (_, view, reason) => {
		expect(statusOf([view])).toMatchObject({ state: "unknown", reasons: [`n1: ${reason}`] });
	});

	test("and what it proved before still measures the others while it is silent", () => {
		const before = node("n1", { online: false, map: healthyMap(8), highestPaths: { [wwid]: 8 } });
		expect(statusOf([before, node("n2")]).nodes.get("n2")).toMatchObject({ state: "degraded", expected: 8 });
	});
});

describe("how many paths a node should have", () => {
	test("is what the best of its peers has; that peer and the portal that it lacks are named", () => {
		const status = statusOf([node("n1"), node("n2", { map: healthyMap(3) })]);
		expect(status.nodes.get("n2")).toMatchObject({ state: "degraded", paths: 3, usable: 3, expected: 4 });
		expect(status.reasons).toEqual([
			"n2: 3 of 4 expected paths are there (n1 has 4)",
			"n2: no path through 192.168.72.4:3260",
		]);
	});

	test("names no peer that lacks them too", () => {
		const lost = { map: healthyMap(3), highestPaths: { [wwid]: 4 } };
		expect(statusOf([node("n1", lost), node("n2", lost)]).reasons).toEqual([
			"n1: 3 of 4 expected paths are there",
			"n2: 3 of 4 expected paths are there",
		]);
	});

	test("counts the failed paths of a peer, which prove that there is a way", () => {
		const broken = mapWith([1, 2, 3, 4].map((portal) => pathTo(portal, failed)));
		const status = statusOf([node("n1", { map: broken }), node("n2", { map: healthyMap(2) })]);
		expect(statesOf(status)).toEqual({ n1: "failed", n2: "degraded" });
	});

	test("is what the map once had, for a node alone and for a fleet that lost the same fabric", () => {
		const lost = { map: healthyMap(2), highestPaths: { [wwid]: 4 } };
		expect(statusOf([node("n1", lost)])).toMatchObject({
			state: "degraded",
			reasons: ["2 of 4 expected paths are there"],
		});
		expect(statusOf([node("n1", lost), node("n2", lost)]).state).toBe("degraded");
	});

	test("is the expected-paths that somebody set, above what peers and history say", () => {
		const lun = allowed({ expectedPaths: 2 });
		const lost = { map: healthyMap(2), highestPaths: { [wwid]: 4 } };
		expect(statusOf([node("n1", lost), node("n2")], lun).state).toBe("optimal");
		expect(statusOf([node("n1")], allowed({ expectedPaths: 8 }))).toMatchObject({
			state: "degraded",
			reasons: ["4 of 8 expected paths are there"],
		});
	});

	test("is not learned from a listing that broke off", () => {
		const cut = healthyMap(9, { whole: false });
		const status = statusOf([node("n1", { map: cut }), node("n2")]);
		expect(statesOf(status)).toEqual({ n1: "unknown", n2: "optimal" });
	});
});

describe("a map while multipathd settles", () => {
	test("shows what it is now, and that this may change", () => {
		const degraded = mapWith([pathTo(1), pathTo(2, failed)]);
		const status = statusOf([node("n1", { map: degraded, settling: true })]);
		expect(status.state).toBe("degraded");
		expect(status.reasons.at(-1)).toBe("n1: multipathd is settling: this may still change");
		expect(statusOf([node("n1", { settling: true })])).toMatchObject({ state: "optimal", reasons: [] });
	});
});

describe("one WWID with two sizes", () => {
	const larger = healthyMap(4, { sizeBytes: 20 * 1024 ** 3 });
	const words =
		"it is seen with different sizes: 10 GiB (10737418240 bytes) on n1, n3; 20 GiB (21474836480 bytes) on n2. " +
		"Rescan every path and resize its maps; if that does not help, two LUNs share this WWID: stop using it";

	test("is never optimal, and the first reason says who sees which", () => {
		expect(statusOf([node("n1"), node("n2", { map: larger }), node("n3")])).toMatchObject({
			state: "degraded",
			reasons: [words],
		});
	});

	test("is told on top of what is worse", () => {
		const broken = mapWith([pathTo(1, failed)], { sizeBytes: 20 * 1024 ** 3 });
		const status = statusOf([node("n1"), node("n2", { map: broken }), node("n3")]);
		expect(status.state).toBe("failed");
		expect(status.reasons[0]).toBe(words);
	});

	test("shows on one node, too, between a map and a path device outside it", () => {
		const view = node("n1", { candidates: [candidate({ sizeBytes: 20 * 1024 ** 3 })] });
		expect(statusOf([view]).reasons[0]).toContain("10 GiB (10737418240 bytes) on n1; 20 GiB");
	});

	test("is one with what a silent node saw last, too, and none with a size that nobody told", () => {
		const old = node("n2", { map: larger, online: false });
		expect(statusOf([node("n1"), old])).toMatchObject({
			state: "unknown",
			conflict: expect.stringMatching(/on n1; 20 GiB \(\d+ bytes\) on n2 \(last known\)/),
		});
		expect(statusOf([node("n1"), node("n2", { map: healthyMap(4, { sizeBytes: null }) })])).toMatchObject({
			state: "optimal",
			conflict: null,
		});
	});
});

describe("a map that nobody allowed", () => {
	test("is shown after the allow-list with its name, and has no state of its own", () => {
		const stray = mapWith([pathTo(1, failed)], { wwid: "3600a", name: "old-backup" });
		const luns = fleetStatus(configOf(allowed()), [node("n1", { maps: [stray, healthyMap(4)] }), node("n2")]);
		expect(luns.map(({ wwid: id, state }) => [id, state])).toEqual([
			[wwid, "optimal"],
			["3600a", "unmanaged"],
		]);
		expect(luns[1]).toMatchObject({ alias: "old-backup", reasons: ["not on the allow-list"] });
		expect([...(luns[1]?.nodes.keys() ?? [])]).toEqual(["n1"]);
	});

	test("is found in the kernel where multipathd does not answer", () => {
		const view = node("n1", {
			map: null,
			daemon: { state: "silent" },
			kernelMaps: [kernelMap({ name: wwid })],
		});
		expect(fleetStatus(configOf(), [view])).toMatchObject([{ wwid, alias: null, state: "unmanaged" }]);
	});
});

test("one node's unreadable report leaves the verdicts of the others as they are", () => {
	const sound = [node("n1"), node("n3", { map: healthyMap(3) })];
	const withBroken = [...sound, silentNode("n2", { online: true, problem: "cannot be read" })];
	const [alone, beside] = [statusOf(sound), statusOf(withBroken)];
	for (const name of ["n1", "n3"]) expect(beside.nodes.get(name)).toEqual(alone.nodes.get(name));
	expect([alone.state, beside.state]).toEqual(["degraded", "unknown"]);
});

describe("a node that went silent", () => {
	const since = Date.UTC(2026, 10, 30, 12, 3);
	const lame = mapWith([pathTo(1), pathTo(2, failed)]);
	const dead = mapWith([pathTo(1, failed)]);
	const silent = (name: string, map: MultipathMap | null) => ({
		...silentNode(name, { online: false }),
		last: node(name, { map }).report,
		silentSince: since,
	});

	test("is unknown, with the time and what was last known there", () => {
		const status = statusOf([node("n1"), silent("n3", lame)]);
		expect(status.nodes.get("n3")).toMatchObject({ state: "unknown", last: "degraded", paths: 0, usable: 0 });
		expect(status.state).toBe("unknown");
		expect(status.reasons[0]).toBe(
			"n3: not known since 2026-11-30 12:03 UTC; degraded then: 2 of 4 expected paths are there, 1 of them working; path sdc (2:0:0:1) through 192.168.72.2:3260 failed: checker faulty, dm failed; no path through 192.168.72.3:3260; no path through 192.168.72.4:3260",
		);
	});

	test.each([
		["failed", dead, "failed"],
		["missing", null, "missing"],
		["degraded", lame, "unknown"],
		["optimal", healthyMap(4), "unknown"],
	] as const)("whose LUN was %s then leaves the LUN no better", (was, map, state) => {
		const before = statusOf([node("n1"), node("n3", { map })]);
		const after = statusOf([node("n1"), silent("n3", map)]);
		expect([before.state, after.state]).toEqual([was, state]);
		expect(after.nodes.get("n3")).toMatchObject({ state: "unknown", last: was });
	});

	test("is not counted for a LUN that it should not carry, and not when it is removed", () => {
		const lun = { ...allowed(), nodes: ["n1"] };
		expect(fleetStatus(configOf(lun), [node("n1"), silent("n3", dead)])).toMatchObject([
			{ state: "optimal", reasons: [] },
		]);
		expect(statusOf([node("n1")]).state).toBe("optimal");
	});

	test("is not blamed for a LUN that was allowed after it went silent", () => {
		const status = fleetStatus(configOf(allowed()), [node("n1"), silent("n3", null)], { configDigest: "d2" });
		expect(status[0]?.nodes.get("n3")).toMatchObject({ state: "unknown", last: "unknown" });
		expect(status[0]?.state).toBe("unknown");
	});

	test("keeps telling what the LUN is where nobody else does", () => {
		expect(statusOf([silent("n3", healthyMap(4))])).toMatchObject({
			vendor: "LIO-ORG",
			sizeBytes: 10 * 1024 ** 3,
		});
	});

	test.each([
		["failed", dead, "failed"],
		["missing", null, "missing"],
		["degraded", lame, "unknown"],
	] as const)("as one whose multipathd died: a LUN that was %s gets no better", (was, map, state) => {
		const died = node("n3", {
			map: null,
			daemon: { state: "not-running", problem: "multipathd is not running" },
			lastMaps: map === null ? [] : [map],
		});
		const after = statusOf([node("n1"), died]);
		expect(after.state).toBe(state);
		expect(after.nodes.get("n3")).toMatchObject({ state: "unknown", last: was });
		expect(after.nodes.get("n3")?.reasons[0]).toContain(
			`multipathd is not running; the kernel holds no map of it; ${was} when it last answered: `,
		);
		// And when its agent dies as well.
		const gone = { ...silentNode("n3", { online: false }), last: died.report };
		expect(statusOf([node("n1"), gone])).toMatchObject({ state });
		expect(statusOf([node("n1"), gone]).nodes.get("n3")).toMatchObject({
			state: "unknown",
			last: worst(was),
		});
	});
});

const worst = (was: LunState) => (was === "degraded" ? "unknown" : was);
