import { emptyPicture, type LunState, type Picture, type PictureNode, packCell } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { headline } from "../../src/health/headline.ts";
import { silenceOf, silentGroups } from "../../src/health/silence.ts";

const nodeOf = (node: string, isHeard: boolean): PictureNode => ({
	node,
	online: isHeard ? 1 : 0,
	simulated: 0,
	settling: 0,
	multipathd: isHeard ? "running" : "unknown",
	applied: isHeard ? "applied" : "unknown",
	problem: null,
	errors: 0,
	warnings: 0,
});

/** Each LUN: its state, and what it is on n1, n2 and the silent n3; a word after `was` is what was last known. */
function pictureOf(luns: readonly (readonly [LunState, ...string[]])[], conflict = false): Picture {
	const cells = luns.flatMap(([, ...words]) =>
		words.map((text) => {
			const states: readonly LunState[] = ["optimal", "degraded", "failed", "unknown"];
			const [now, was] = text.split(" was ");
			const [state = "unknown", last = null] = [now, was].map((word) => states.find((one) => one === word));
			return packCell({ state, last: last ?? null, settling: false, stale: false });
		}),
	);
	return {
		...emptyPicture,
		nodes: [nodeOf("n1", true), nodeOf("n2", true), nodeOf("n3", false)],
		luns: luns.map(([state], at) => ({
			...{ wwid: `3600${at}`, alias: `lun-${at}`, size: null, vendor: null, model: null, state },
			...(conflict ? { conflict: 1 as const } : {}),
		})),
		states: Uint8Array.from(cells),
	};
}

const hidden = ["unknown", "optimal", "optimal", "unknown was optimal"] as const;
const well = ["optimal", "optimal", "optimal", "optimal"] as const;

test("one silent node is one sentence for all its LUNs", () => {
	const picture = pictureOf(Array.from({ length: 128 }, () => hidden));
	expect(headline(picture)).toEqual({
		state: "unknown",
		text: "128 LUNs are optimal on 2 nodes and not known on n3.",
		but: null,
	});
	expect(headline(pictureOf([hidden, hidden, well])).text).toBe(
		"2 LUNs are optimal on 2 nodes and not known on n3. 1 other LUN is optimal.",
	);
});

test("a LUN with another trouble, or with one on the silent node before, is not hidden in it", () => {
	const degraded = ["unknown", "degraded", "optimal", "unknown was optimal"] as const;
	const before = ["unknown", "optimal", "optimal", "unknown was degraded"] as const;
	const forgotten = ["unknown", "unknown", "optimal", "unknown was optimal"] as const;
	const picture = pictureOf([hidden, degraded, before, forgotten, hidden]);
	expect(silentGroups(picture).map((group) => [group.luns, silenceOf(group, picture)])).toEqual([
		[[0, 4], "2 LUNs are optimal on 2 nodes and not known on n3"],
	]);
	expect(headline(picture)).toMatchObject({ state: "unknown", text: "5 unknown of 5 LUNs on 3 nodes." });
	expect(silentGroups(pictureOf([hidden, hidden], true))).toEqual([]);
});
