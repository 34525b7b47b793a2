import { expect, it } from "vitest";
import { Settling } from "../../src/observe/settling.ts";

const calm = { calm: true, answered: true };
const busy = { calm: false, answered: true };
const silent = { calm: false, answered: false };

/** What is said after each look. */
function settlingAfter(looks: readonly (typeof calm | "stir")[]): boolean[] {
	const settling = new Settling();
	return looks.flatMap((look) => {
		if (look !== "stir") return [settling.note(look)];
		settling.stir();
		return [];
	});
}

it("judges only after two calm looks in a row", () => {
	expect(settlingAfter([calm, calm])).toEqual([true, false]);
	expect(settlingAfter([calm, busy, calm, calm])).toEqual([true, true, true, false]);
});

it("stays settled through a busy moment", () => {
	expect(settlingAfter([calm, calm, busy, busy])).toEqual([true, false, false, false]);
});

it("settles anew after a reconfigure", () => {
	expect(settlingAfter([calm, calm, "stir", calm, calm])).toEqual([true, false, true, false]);
});

it("calls a daemon that does not answer not settling, and settles anew when it answers again", () => {
	expect(settlingAfter([calm, calm, silent, calm, calm])).toEqual([true, false, false, true, false]);
	expect(settlingAfter([calm, silent, calm, calm])).toEqual([true, false, true, false]);
});
