import type { LunState } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { isWell, lunHeadline } from "../../src/lun/lun-headline.ts";
import { lunOf } from "./lun-maps.ts";

const many = (count: number, state: LunState, from = 1) =>
	Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at + from}`, state]));

test.each([
	["optimal on all 3 nodes", lunOf("optimal", many(3, "optimal"))],
	["optimal on n1", lunOf("optimal", { n1: "optimal" })],
	["optimal on 2 of 3 nodes, n3 unknown", lunOf("unknown", { n1: "optimal", n2: "optimal", n3: "unknown" })],
	[
		"failed on n1, degraded on n2, n3 unknown",
		lunOf("failed", { n1: "failed", n2: "degraded", n3: "unknown" }),
	],
	[
		"degraded on 5 of 64 nodes, optimal on 59 of 64 nodes",
		lunOf("degraded", { ...many(5, "degraded"), ...many(59, "optimal", 6) }),
	],
	["no node that should have it reports", lunOf("unknown", many(3, "unknown"))],
	["n1 does not report", lunOf("unknown", { n1: "unknown" })],
	["degraded as a whole, optimal on all 2 nodes", lunOf("degraded", many(2, "optimal"))],
	["optimal on n1", lunOf("optimal", { n1: "optimal", n2: "unmanaged" })],
])("a LUN is said to be %s", (sentence, lun) => {
	expect(lunHeadline(lun)).toBe(sentence);
});

test("all is well only when every node that should have it reports so now", () => {
	expect(isWell(lunOf("optimal", many(3, "optimal")))).toBe(true);
	expect(isWell(lunOf("optimal", { n1: "optimal", n2: "unknown" }))).toBe(false);
	expect(isWell(lunOf("optimal", {}))).toBe(false);
	expect(isWell({ ...lunOf("optimal", many(3, "optimal")), problem: "the store is gone" })).toBe(false);
});
