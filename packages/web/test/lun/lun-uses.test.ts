import { expect, test } from "vitest";
import { usersOf } from "../../src/lun/lun-uses.ts";
import { lunOf, mapOn, silentOn } from "./lun-maps.ts";

test("what uses a LUN is told with its nodes, and nodes that have not said are never counted as free of it", () => {
	const lun = lunOf("unknown", { n1: "optimal", n2: "optimal", n3: "unknown", n4: "unknown", n5: "optimal" });
	const maps = [
		mapOn("n1", { users: ["LV vg0/data", "mounted"] }),
		mapOn("n2", { users: ["LV vg0/data"] }),
		silentOn("n3"),
		// It answers, but its multipathd tells of no map: the kernel may have it open.
		{ node: "n4", map: null, error: null, isPending: false },
		{ node: "n5", map: null, error: null, isPending: true },
	];
	expect(usersOf(lun, maps)).toEqual({
		users: [
			{ user: "LV vg0/data", nodes: ["n1", "n2"] },
			{ user: "mounted", nodes: ["n1"] },
		],
		answered: 2,
		pending: ["n5"],
		unknown: ["n3", "n4"],
	});
});
