import { emptyPicture, type LunState, type Picture } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { rowsOf, troubledRows } from "../../src/health/rows.ts";

function pictureOf(...luns: readonly (readonly [alias: string | null, state: LunState])[]): Picture {
	return {
		...emptyPicture,
		luns: luns.map(([alias, state], at) => ({
			...{ alias, state, wwid: `3600${at}`, size: null, vendor: null, model: null },
		})),
	};
}

const namesOf = ({ luns }: Picture, rows: readonly number[]) =>
	rows.map((at) => luns[at]?.alias ?? luns[at]?.wwid);

test("LUNs stand worst first and then as people count, also when names come, go and change", () => {
	const choice = { state: null, order: "worst", grouping: "none", storages: new Map() } as const;
	const rows = (picture: Picture) =>
		namesOf(
			picture,
			rowsOf(picture, choice).map(({ lun }) => lun),
		);
	const first = pictureOf(["lun-10", "optimal"], ["lun-9", "optimal"], ["lun-2", "failed"]);
	expect(rows(first)).toEqual(["lun-2", "lun-9", "lun-10"]);
	const turned = pictureOf(["lun-10", "failed"], ["lun-9", "failed"], ["lun-2", "optimal"]);
	expect(rows(turned)).toEqual(["lun-9", "lun-10", "lun-2"]);
	expect(namesOf(turned, troubledRows(turned))).toEqual(["lun-9", "lun-10"]);
	const renamed = pictureOf(["a", "failed"], ["lun-9", "failed"], [null, "failed"], ["lun-2", "optimal"]);
	expect(rows(renamed)).toEqual(["36002", "a", "lun-9", "lun-2"]);
	expect(namesOf(renamed, troubledRows(renamed))).toEqual(["36002", "a", "lun-9"]);
});

test("LUNs stand in the groups of the storages that stand on them", () => {
	const picture = pictureOf(["lun-1", "optimal"], ["lun-2", "optimal"], ["lun-3", "failed"]);
	const storages = new Map([
		["36000", ["data"]],
		["36002", ["data", "fast"]],
	]);
	const rows = rowsOf(picture, { state: null, order: "worst", grouping: "storage", storages });
	expect(rows.map(({ lun, group }) => `${group}: ${picture.luns[lun]?.alias}`)).toEqual([
		"data: lun-1",
		"data, fast: lun-3",
		"no storage: lun-2",
	]);
});
