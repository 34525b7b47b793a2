import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { growthProblem } from "../../../model/test/cost.ts";
import { complaintsIn, linesOf, placeOf } from "../../src/multipath-tools/complaints.ts";

const stderr = readFileSync(
	new URL("../samples/multipath-tools/lint-0.9.4.stderr.txt", import.meta.url),
	"utf8",
);
const dropIn = "/etc/multipath/conf.d/pathkeeper.conf";

test("every line in which multipath 0.9.4 names a file is a complaint, without its time", () => {
	const complaints = complaintsIn(stderr);
	expect(linesOf(stderr).filter((line) => !complaints.includes(line))).toEqual([
		"multipaths config section missing wwid",
	]);
	expect(complaints[0]).toBe(
		"/etc/multipath.conf line 3, invalid keyword in the defaults section: bogus_key",
	);
});

test("file and line of all of them are told", () => {
	const places = complaintsIn(stderr).map(placeOf);
	const linesIn = (file: string) =>
		places.filter((place) => place?.file === file).map((place) => place?.line);
	expect(linesIn("/etc/multipath.conf")).toEqual([3, 4, 5, 7, 9, 9]);
	expect(linesIn(dropIn)).toEqual([4, 5, 6, 6, 7, 8, 10, 11, 12, 12, 16, 22, 23, 24, 25, 25, 27]);
});

test.each([
	[
		"ignoring extra data starting with 'c' on line 7 of /etc/multipath/conf.d/a b.conf",
		"/etc/multipath/conf.d/a b.conf",
		7,
	],
	["unmatched '}' at line 12 of /etc/multipath.conf", "/etc/multipath.conf", 12],
	['/etc/multipath.conf line 2, parsing failed: 	wwid "["', "/etc/multipath.conf", 2],
	["/etc/multipath/conf.d/x.conf: Permission denied", "/etc/multipath/conf.d/x.conf", null],
	["opening '/etc/multipath.conf' failed", "/etc/multipath.conf", null],
])("%j names its place", (complaint, file, line) => {
	expect(placeOf(complaint)).toEqual({ file, line });
});

test.each([
	"multipaths config section missing wwid",
	"can't set open fds limit to 1048576/1048576 : Operation not permitted",
	"updated bindings file /etc/multipath/bindings",
	"/etc/multipath/conf.d/pathkeeper.conf.old line 3, invalid keyword: x",
])("%j is about no configuration file", (line) => {
	expect(placeOf(line)).toBeNull();
	expect(complaintsIn(`1319.366931 | ${line}\n`)).toEqual([]);
});

test.each(["/etc/multipath/conf.d/", "on line 1 of /etc/multipath/conf.d/a", "1 "])(
	"a text of %j without an end is looked at in linear time",
	(piece) => {
		const prepare = (size: number) => {
			const text = piece.repeat(size / piece.length);
			return () => complaintsIn(text);
		};
		expect(growthProblem(prepare, 512 * 1024)).toBeNull();
	},
);
