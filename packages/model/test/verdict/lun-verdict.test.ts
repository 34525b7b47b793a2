import { type LunState, lunVerdict, type MultipathMap, type Path } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failed, gone, impaired, mapOf, pathOf, standby, unknown, usable } from "./examples.ts";

const paths = (...kinds: readonly Partial<Path>[]) =>
	kinds.map((kind, n) => pathOf({ dev: `sd${"abcdefgh".charAt(n)}`, hctl: `${n}:0:0:1`, ...kind }));
const judge = (map: MultipathMap | null, expectedPaths: number | null = null, node: string | null = null) =>
	lunVerdict({ map, expectedPaths, node });

describe("the state of a LUN on a node", () => {
	it.each<[LunState, string, readonly Partial<Path>[], number | null]>([
		["optimal", "all paths usable", [usable, usable], null],
		["optimal", "usable and standby", [usable, standby, standby], 3],
		["optimal", "one path where one is expected", [usable], 1],
		["optimal", "more paths than expected", [usable, usable, usable], 2],
		["degraded", "one path failed", [usable, failed], null],
		["degraded", "one path gone", [usable, gone], null],
		["degraded", "one path unknown", [usable, unknown], null],
		["degraded", "one path impaired", [usable, impaired], null],
		["degraded", "all paths impaired", [impaired, impaired], null],
		["degraded", "only standby", [standby, standby], null],
		["degraded", "standby and unknown", [standby, unknown], null],
		["degraded", "fewer than expected", [usable, usable], 4],
		["degraded", "one failed although more are there than expected", [usable, usable, failed], 2],
		["failed", "all failed", [failed, failed], null],
		["failed", "all gone", [gone], null],
		["failed", "failed and gone", [failed, gone], 4],
		["failed", "no path at all", [], null],
		["unknown", "all unknown", [unknown, unknown], null],
		["unknown", "failed and unknown", [failed, unknown], null],
		["unknown", "gone and unknown", [gone, unknown], 2],
	])("is %s with %s", (state, _, kinds, expected) => {
		expect(judge(mapOf(paths(...kinds)), expected).state).toBe(state);
	});

	it("is missing without a map", () => {
		expect(judge(null, 4, "n2")).toEqual({
			state: "missing",
			reasons: ["n2: there is no multipath map for it"],
		});
	});

	it("is unknown when its map was not read whole, whatever was read", () => {
		expect(judge(mapOf(paths(usable, usable), { whole: false })).state).toBe("unknown");
		expect(judge(mapOf(paths(failed), { whole: false })).state).toBe("unknown");
	});

	it("is degraded while suspended, and failed when nothing is left either", () => {
		expect(judge(mapOf(paths(usable), { suspended: true }))).toEqual({
			state: "degraded",
			reasons: ["the map is suspended: I/O is held"],
		});
		expect(judge(mapOf(paths(failed), { suspended: true })).state).toBe("failed");
	});

	it("is optimal only when every path is usable or standby and one is usable", () => {
		const kind = fc.constantFrom<Partial<Path>>(usable, standby, impaired, unknown, failed, gone);
		fc.assert(
			fc.property(
				fc.array(kind, { maxLength: 6 }),
				fc.boolean(),
				fc.nat({ max: 8 }),
				(kinds, suspended, expected) => {
					const { state, reasons } = judge(mapOf(paths(...kinds), { suspended }), expected);
					const healthy =
						kinds.every((each) => each === usable || each === standby) && kinds.includes(usable);
					expect(state === "optimal").toBe(healthy && !suspended && kinds.length >= expected);
					expect(reasons.length === 0).toBe(state === "optimal");
				},
			),
		);
	});
});

describe("the reasons of a verdict", () => {
	it("name node, count, address, portal and words", () => {
		const transport = {
			protocol: "iscsi",
			initiator: null,
			target: "iqn.x",
			portal: "192.168.72.1:3260",
		} as const;
		const map = mapOf(paths(usable, { ...failed, transport }));
		expect(judge(map, 4, "n3").reasons).toEqual([
			"n3: 2 of 4 expected paths are there, 1 of them working",
			"n3: path sdb (1:0:0:1) through 192.168.72.1:3260 failed: checker faulty, dm failed, device offline",
		]);
	});

	it("name the portals through which no path is left", () => {
		const through = (portal: string) =>
			({ transport: { protocol: "iscsi", initiator: null, target: "iqn.x", portal } }) as const;
		const map = mapOf(paths(through("192.168.71.1:3260")));
		const portals = ["192.168.71.1:3260", "192.168.72.1:3260"];
		expect(lunVerdict({ map, expectedPaths: 2, node: "n3", portals }).reasons).toEqual([
			"n3: 1 of 2 expected paths are there",
			"n3: no path through 192.168.72.1:3260",
		]);
		const notLookedUp = mapOf(paths(usable));
		expect(lunVerdict({ map: notLookedUp, expectedPaths: 2, node: null, portals }).reasons).toEqual([
			"1 of 2 expected paths are there",
		]);
	});

	it.each([
		["forever", "1 queue_if_no_path", "I/O queues forever, until a path returns"],
		["off", "0", "I/O errors at once"],
		[{ seconds: 60 }, "1 queue_if_no_path", "I/O queues for about 60 s, then errors"],
		[null, "1 queue_if_no_path", "I/O queues for a time not shown here"],
		[null, null, "whether I/O queues or errors is not shown here"],
	] as const)("of a failed map with queueing %j say what I/O does", (queueing, features, reason) => {
		for (const map of [mapOf(paths(failed), { queueing, features }), mapOf([], { queueing, features })]) {
			expect(judge(map).reasons).toContain(reason);
		}
	});

	it("tell of queueing that the source does not show the length of, even when all is well", () => {
		const map = mapOf(paths(usable), {
			queueing: null,
			features: "2 queue_if_no_path retain_attached_hw_handler",
		});
		expect(judge(map)).toEqual({
			state: "optimal",
			reasons: ["without any path I/O queues for a time not shown here"],
		});
	});

	it("show words that nobody knows in quotes, harmless and short", () => {
		const map = mapOf(paths(usable, { checkerState: `\u001B[2J${"x".repeat(100)}` }));
		expect(judge(map).reasons[1]).toBe(
			`path sdb (1:0:0:1) is unknown: checker '\\u{1b}[2J${"x".repeat(36)}…'`,
		);
	});

	it("stay few when the paths are many", () => {
		const many = Array.from({ length: 5000 }, (_, n) => pathOf({ dev: `sd${n}`, ...failed }));
		const { reasons } = judge(mapOf([pathOf(), ...many]));
		expect(reasons.length).toBeLessThan(20);
		expect(reasons.at(-1)).toBe("and 4984 more paths that are not usable");
	});
});
