import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lintConf } from "../../src/multipath-conf/lint-conf.ts";
import { goodConf, goodText } from "./arbitraries.ts";

function found(text: string, options = {}): readonly string[] {
	return lintConf(text, options).map(
		({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`,
	);
}

describe("the linter", () => {
	it.each([
		["data behind a value", "defaults {\n\tprio alua yes\n}", "2:12 error extra-data"],
		["a selector without quotes", "defaults {\n\tpath_selector round-robin 0\n}", "2:28 error extra-data"],
		["a value that is missing", "defaults {\n\tprio # alua\n}", "2:2 error missing-value"],
		["a quote that is not closed", 'overrides {\n\tprio "alua\n}', "2:7 error missing-quote"],
		[
			"a brace behind a value, which closes nothing",
			'blacklist {\n\twwid "^a$" }\n}',
			"2:13 error brace-trap",
		],
		["a section on one line", "overrides { prio alua }\n}", "1:23 error brace-trap"],
		[
			"two braces on a line",
			"devices {\n\tdevice {\n\t\tvendor a\n\t\tproduct b\n} }\n}",
			"5:3 error brace-trap",
		],
		["a brace on the next line", "overrides\n{\n}", "1:1 error brace-on-next-line"],
		["a lone brace", "{", "1:1 error stray-brace"],
		["a brace too many", "defaults {\n}\n}", "3:1 error unmatched-brace"],
		["a section that is not closed", "overrides {\n\tprio alua\n", "1:1 error unclosed-section"],
		["a keyword that nobody knows", "defaults {\n\tpolling 5\n}", "2:2 error unknown-keyword"],
		["a keyword in the wrong section", "overrides {\n\talias x\n}", "2:2 error misplaced-keyword"],
		["protocol outside of overrides", "protocol {\n}", "1:1 error misplaced-keyword"],
		[
			"a keyword twice in a section",
			"overrides {\n\tprio alua\n\tprio const\n}",
			"3:2 error duplicate-keyword",
		],
		["a section twice", "overrides {\n}\noverrides {\n}", "3:1 error duplicate-keyword"],
		[
			"a device without a product",
			"devices {\n\tdevice {\n\t\tvendor a\n\t}\n}",
			"2:2 error incomplete-block",
		],
		[
			"a multipath without a wwid",
			"multipaths {\n\tmultipath {\n\t\talias a\n\t}\n}",
			"2:2 error incomplete-block",
		],
		[
			"a character outside of ASCII",
			"devices {\n\tdevice {\n\t\tvendor é\n\t\tproduct b\n\t}\n}",
			"3:10 error bad-character",
		],
		["a carriage return inside of a line", "# comment\rprio alua\n", "1:10 error bad-character"],
		["an invisible character in a comment", "# a\u{202e}b\n", "1:4 error bad-character"],
		[
			"a long comment, whose end would be read",
			`# ${"x".repeat(1030)} prio alua\n`,
			"1:1024 error line-too-long",
		],
		["a program", "defaults {\n\tgetuid_callout /bin/sh\n}", "2:2 error refused-program"],
		["a folder of libraries", "defaults {\n\tmultipath_dir /tmp\n}", "2:2 error refused-folder"],
		["a file to write", "defaults {\n\twwids_file /etc/shadow\n}", "2:2 error refused-file"],
		["an owner for device nodes", "defaults {\n\tuid 1000\n}", "2:2 error refused-owner"],
		[
			"a checker out of somebody's library",
			'overrides {\n\tpath_checker "../evil"\n}',
			"2:15 error bad-value",
		],
		["an interval that crashes", "defaults {\n\tpolling_interval 0\n}", "2:19 error bad-value"],
		["an interval that hangs", "defaults {\n\tpolling_interval soon\n}", "2:19 error bad-value"],
		["a delimiter that crashes", 'defaults {\n\tpartition_delimiter "/"\n}', "2:22 error bad-value"],
		["an expression that glibc refuses", 'blacklist {\n\twwid "["\n}', "2:7 error bad-regex"],
	])("finds %s", (_, text, expected) => {
		expect(found(text)).toContain(expected);
	});

	it.each([
		[
			"comments, blank lines and Windows line ends",
			"# a\r\n\r\n! é\r\noverrides {\r\n\tprio alua # x\r\n}\r\n",
		],
		["an inverted rule in quotes", 'blacklist {\n\tdevnode "!^sd[a-z]+$"\n}\n'],
		[
			"rules and blocks that repeat",
			"blacklist {\n\tdevnode ^a\n\tdevnode ^b\n\tdevice {\n\t\tvendor a\n\t}\n\tdevice {\n\t\tvendor b\n\t}\n}\n",
		],
		[
			"protocols inside of overrides",
			'overrides {\n\tprotocol {\n\t\ttype "scsi:fcp"\n\t\tdev_loss_tmo infinity\n\t}\n}\n',
		],
	])("finds nothing in %s", (_, text) => {
		expect(found(text)).toEqual([]);
	});

	it("finds no error in what a release is given of a sound configuration", () => {
		fc.assert(
			fc.property(goodConf, fc.constantFrom("0.9.4", "0.11.1", "0.15.1"), (conf, toolsVersion) => {
				const problems = lintConf(goodText(conf, toolsVersion), { toolsVersion });
				expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
				expect(problems.filter(({ code }) => /^(?:new|old|ignored)-/.test(code))).toEqual([]);
			}),
		);
	});

	it("warns of what is not the same on every release", () => {
		expect(found("defaults {\n\tauto_resize never\n\trr_weight uniform\n\tflush_on_last_del yes\n}")).toEqual(
			["2:2 warning new-keyword", "3:2 warning ignored-keyword", "4:2 warning old-value"],
		);
	});

	it("warns of what one release does not act on", () => {
		const text = "defaults {\n\tauto_resize never\n\trr_weight uniform\n}";
		expect(found(text, { toolsVersion: "0.9.4" })).toEqual(["2:2 warning new-keyword"]);
		expect(found(text, { toolsVersion: "0.11.1" })).toEqual([]);
		expect(found(text, { toolsVersion: "0.15.1" })).toEqual(["3:2 warning ignored-keyword"]);
	});

	it("says where a mistake ends the daemon", () => {
		const text = 'blacklist {\n\twwid "["\n}';
		expect(lintConf(text, { mainFile: true })[0]?.text).toContain("multipathd ends itself");
		expect(lintConf(text)[0]?.text).not.toContain("multipathd ends itself");
	});

	it("warns of a WWID that is no anchored expression", () => {
		expect(found('blacklist_exceptions {\n\twwid "35000c5001500aa0"\n}')).toEqual([
			"2:7 warning unanchored-wwid",
		]);
	});
});
