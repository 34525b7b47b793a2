import { emptyPicture, type Picture } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { isAllSimulated, simulatedAmongReal } from "../../src/nodes/simulated-nodes.ts";

function pictureOf(...simulated: readonly (0 | 1)[]): Picture {
	return {
		...emptyPicture,
		nodes: simulated.map((flag, at) => ({
			...{ node: `n${at + 1}`, online: 1, settling: 0, multipathd: "running", applied: "applied" },
			...{ simulated: flag, problem: null, errors: 0, warnings: 0 },
		})),
	};
}

test("the page is simulated only when every node is; else those nodes are", () => {
	expect(isAllSimulated(pictureOf())).toBe(false);
	expect(isAllSimulated(pictureOf(1, 1))).toBe(true);
	expect([...simulatedAmongReal(pictureOf(1, 1))]).toEqual([]);
	expect(isAllSimulated(pictureOf(0, 1, 0))).toBe(false);
	expect([...simulatedAmongReal(pictureOf(0, 1, 0))]).toEqual(["n2"]);
});
