import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	aliasProblems,
	checkAlias,
	checkWwid,
	nothingKnown,
	takenNames,
	wwidCollision,
} from "../../src/config/names.ts";

describe("a WWID", () => {
	test.each([
		"360014050000000100005ca14ab18000",
		"0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G",
		"eui.0025385b71b00c1e",
		"uuid.12ab-34",
		"t10.A#1=B@c",
		"3",
		"x".repeat(127),
	])("may be %s", (wwid) => {
		expect(checkWwid(wwid)).toBeNull();
	});

	test.each([
		["empty", ""],
		["too long", "x".repeat(128)],
		["with a slash", "3600/../../etc"],
		["with two dots", "3600..1"],
		["a folder", "."],
		["with a blank", "36 00"],
		["with a quote", '3600"'],
		["with a brace", "3600}"],
		["with a line end", "3600\n"],
		["with NUL", "3600\0"],
		["with a letter that is not ASCII", "3600é"],
		["the id of the defaults", "defaults"],
		["an option of a program", "-F"],
		["with a regular expression", ".*"],
	])("may not be %s", (_, wwid) => {
		expect(checkWwid(wwid)).toEqual(expect.any(String));
	});

	test("that is the alias of another LUN is no WWID to allow", () => {
		expect(wwidCollision("3600b", takenNames([{ wwid: "3600a", alias: "3600b" }], nothingKnown))).toMatch(
			/is the alias of 3600a/,
		);
	});

	test("that is the name of another device-mapper device is no WWID to allow", () => {
		const dmDevices = [{ node: "n2", name: "3600b", wwid: null }];
		expect(wwidCollision("3600b", takenNames([], { wwids: [], dmDevices }))).toMatch(
			/device-mapper device on n2/,
		);
	});
});

describe("an alias", () => {
	const luns = [
		{ wwid: "3600a", alias: "db-log" },
		{ wwid: "3600b", alias: null },
	];
	const known = {
		wwids: ["3600c"],
		dmDevices: [
			{ node: "n1", name: "vg0-root", wwid: null },
			{ node: "n2", name: "data", wwid: "3600b" },
		],
	};
	const check = (alias: string) => checkAlias(alias, { wwid: "3600b", luns, known });

	test.each(["db-data", "a", "9", "A.b_c-d", "x".repeat(63)])("may be %s", (alias) => {
		expect(check(alias)).toBeNull();
	});

	test("may be what the LUN's own map is called already", () => {
		expect(check("data")).toBeNull();
	});

	test.each([
		["empty", ""],
		["too long", "x".repeat(64)],
		["of another LUN", "db-log"],
		["the WWID of an allowed LUN", "3600a"],
		["the WWID of the LUN itself", "3600b"],
		["the WWID of a LUN that some node sees", "3600c"],
		["the name of another device-mapper device", "vg0-root"],
		["a kernel name", "dm-7"],
		["a friendly name", "mpatha"],
		["like a friendly name", "mpath-x"],
		["the id of the defaults", "defaults"],
		["begun with a dash", "-f"],
		["begun with a dot", ".x"],
		["a path", "../x"],
		["with a quote", 'a"b'],
		["with a brace", "a}"],
		["with a blank", "a b"],
		["with a line end", "a\nb"],
		["with a letter that is not ASCII", "é"],
	])("may not be %s", (_, alias) => {
		expect(check(alias)).toEqual(expect.any(String));
	});

	test("is told where its double is", () => {
		expect(check("vg0-root")).toBe("is the name of another device-mapper device on n1");
		expect(check("db-log")).toBe("is the alias of 3600a already");
	});
});

test("of LUNs that share an alias the first keeps it", () => {
	const luns = ["3600a", "3600b", "3600c"].map((wwid) => ({ wwid, alias: "db" }));
	expect([...aliasProblems(luns).keys()]).toEqual(["3600b", "3600c"]);
});

test("a name that passed is safe in a path, a pattern's place, JSON and a line", () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 130, unit: "binary" }), (text) => {
			if (checkWwid(text) === null) expect(text).toMatch(/^(?!-)(?!.*\.\.)[0-9A-Za-z#+.:=@_-]{1,127}$/);
			if (checkAlias(text, { wwid: "w", luns: [], known: nothingKnown }) === null) {
				expect(text).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/);
			}
		}),
		{ numRuns: 10_000 },
	);
});
