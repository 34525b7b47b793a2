import { expect, test } from "vitest";
import { parseSettingsFile } from "../../src/settings/settings-file.ts";

test("reads keys and values, in quotes or not, as systemd does", () => {
	const text =
		"# of the fleet\nPATHKEEPER_ROLE=agent\n\n; more\n  PATHKEEPER_NODE = n1\r\nA=\"x y\"\r\nB='#1' \nC=\n";
	expect(parseSettingsFile(text)).toEqual({
		settings: [
			{ line: 2, key: "PATHKEEPER_ROLE", value: "agent" },
			{ line: 6, key: "A", value: "x y" },
			{ line: 7, key: "B", value: "#1" },
			{ line: 8, key: "C", value: "" },
		],
		problems: [{ line: 5, problem: "'PATHKEEPER_NODE = n1' is not KEY=VALUE" }],
	});
});

test.each([
	["export A=1", "'export A=1' is not KEY=VALUE"],
	["A", "'A' is not KEY=VALUE"],
	["A=one\\", "A: quotes and backslashes inside a value are not understood"],
	['A="one', "A: quotes and backslashes inside a value are not understood"],
	['A=o"n"e', "A: quotes and backslashes inside a value are not understood"],
	["A=1\nA=2", "A is set twice"],
])("refuses what systemd would read in a way of its own: %j", (text, problem) => {
	expect(parseSettingsFile(text).problems.map((each) => each.problem)).toEqual([problem]);
});
