import { type LunState, lunVerdict, type MultipathMap, type Path } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAILED, GONE, IMPAIRED, mapOf, pathOf, STANDBY, UNKNOWN, USABLE } from "./examples.ts";

const paths = (...kinds: readonly Partial<Path>[]) =>
	kinds.map((kind, n) => pathOf({ dev: `sd${"abcdefgh".charAt(n)}`, hctl: `${n}:0:0:1`, ...kind }));
const judge = (map: MultipathMap | null, expectedPaths: number | null = null, node: string | null = null) =>
	lunVerdict({ map, expectedPaths, node });

describe("the state of a LUN on a node", () => {
	it.each<[LunState, string, readonly Partial<Path>[], number | null]>([
		["optimal", "all paths usable", [USABLE, USABLE], null],
		["optimal", "usable and standby", [USABLE, STANDBY, STANDBY], 3],
		["optimal", "one path where one is expected", [USABLE], 1],
		["optimal", "more paths than expected", [USABLE, USABLE, USABLE], 2],
		["degraded", "one path failed", [USABLE, FAILED], null],
		["degraded", "one path gone", [USABLE, GONE], null],
		["degraded", "one path unknown", [USABLE, UNKNOWN], null],
		["degraded", "one path impaired", [USABLE, IMPAIRED], null],
		["degraded", "all paths impaired", [IMPAIRED, IMPAIRED], null],
		["degraded", "only standby", [STANDBY, STANDBY], null],
		["degraded", "standby and unknown", [STANDBY, UNKNOWN], null],
		["degraded", "fewer than expected", [USABLE, USABLE], 4],
		["degraded", "one failed although more are there than expected", [USABLE, USABLE, FAILED], 2],
		["failed", "all failed", [FAILED, FAILED], null],
		["failed", "all gone", [GONE], null],
		["failed", "failed and gone", [FAILED, GONE], 4],
		["failed", "no path at all", [], null],
		["unknown", "all unknown", [UNKNOWN, UNKNOWN], null],
		["unknown", "failed and unknown", [FAILED, UNKNOWN], null],
		["unknown", "gone and unknown", [GONE, UNKNOWN], 2],
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
		expect(judge(mapOf(paths(USABLE, USABLE), { whole: false })).state).toBe("unknown");
		expect(judge(mapOf(paths(FAILED), { whole: false })).state).toBe("unknown");
	});

	it("is degraded while suspended, and failed when nothing is left either", () => {
		expect(judge(mapOf(paths(USABLE), { suspended: true }))).toEqual({
			state: "degraded",
			reasons: ["the map is suspended: I/O is held"],
		});
		expect(judge(mapOf(paths(FAILED), { suspended: true })).state).toBe("failed");
	});

	it("is optimal only when every path is usable or standby and one is usable", () => {
		const kind = fc.constantFrom<Partial<Path>>(USABLE, STANDBY, IMPAIRED, UNKNOWN, FAILED, GONE);
		fc.assert(
			fc.property(
				fc.array(kind, { maxLength: 6 }),
				fc.boolean(),
				fc.nat({ max: 8 }),
				(kinds, suspended, expected) => {
					const { state, reasons } = judge(mapOf(paths(...kinds), { suspended }), expected);
					const healthy =
						kinds.every((each) => each === USABLE || each === STANDBY) && kinds.includes(USABLE);
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
		const map = mapOf(paths(USABLE, { ...FAILED, transport }));
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
		const notLookedUp = mapOf(paths(USABLE));
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
		for (const map of [mapOf(paths(FAILED), { queueing, features }), mapOf([], { queueing, features })]) {
			expect(judge(map).reasons).toContain(reason);
		}
	});

	it("tell of queueing that the source does not show the length of, even when all is well", () => {
		const map = mapOf(paths(USABLE), {
			queueing: null,
			features: "2 queue_if_no_path retain_attached_hw_handler",
		});
		expect(judge(map)).toEqual({
			state: "optimal",
			reasons: ["without any path I/O queues for a time not shown here"],
		});
	});

	it("show words that nobody knows in quotes, harmless and short", () => {
		const map = mapOf(paths(USABLE, { checkerState: `\u001B[2J${"x".repeat(100)}` }));
		expect(judge(map).reasons[1]).toBe(
			`path sdb (1:0:0:1) is unknown: checker '\\u{1b}[2J${"x".repeat(36)}…'`,
		);
	});

	it("stay few when the paths are many", () => {
		const many = Array.from({ length: 5000 }, (_, n) => pathOf({ dev: `sd${n}`, ...FAILED }));
		const { reasons } = judge(mapOf([pathOf(), ...many]));
		expect(reasons.length).toBeLessThan(20);
		expect(reasons.at(-1)).toBe("and 4984 more paths that are not usable");
	});
});
