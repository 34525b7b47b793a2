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
		expect(lintConf(text, { mainFile: true })[0]?.text).toContain("multipathd exits because of");
		expect(lintConf(text)[0]?.text).not.toContain("multipathd exits because of");
	});

	it("says so of no other mistake, and of a product_blacklist in any file", () => {
		const texts = (text: string, options = {}) => lintConf(text, options).map((problem) => problem.text);
		const ends = expect.stringContaining("multipathd exits because of");
		for (const rule of ["", "(ab)\\1", "(a{999}){999}"]) {
			const [text] = texts(`blacklist {\n\twwid "${rule}"\n}`, { mainFile: true });
			expect(text).toMatch(/^'wwid' must (?:not be empty|be a regular expression that is cheap)/);
			expect(text).not.toEqual(ends);
		}
		expect(texts('blacklist {\n\tdevice {\n\t\tproduct "*"\n\t}\n}', { mainFile: true })).toEqual([ends]);
		const device = 'devices {\n\tdevice {\n\t\tvendor a\n\t\tproduct "["\n\t\tproduct_blacklist "*"\n\t}\n}';
		expect(texts(device)).toEqual([expect.not.stringContaining("exits because of"), ends]);
	});

	it("says of what is refused how each release takes it", () => {
		for (const name of ["getuid_callout", "multipath_dir", "config_dir"])
			expect(lintConf(`defaults {\n\t${name} /x\n}`)[0]?.text).toMatch(
				/releases before 0\.9\.0 .*; from 0\.9\.0 on the keyword is ignored$/,
			);
		expect(found("defaults {\n\tpg_timeout 5\n\tdisable_changed_wwids yes\n}")).toEqual([
			"2:2 warning ignored-keyword",
			"3:2 warning ignored-keyword",
		]);
		expect(lintConf("defaults {\n\tflush_on_last_del 1\n}", { toolsVersion: "0.11.1" })[0]?.text).toBe(
			"'flush_on_last_del yes' is outdated in multipath-tools 0.11.1: it is 'always' there",
		);
	});

	it("says which of two counts", () => {
		const texts = (text: string) => lintConf(text).map((problem) => problem.text);
		expect(texts("devices {\n}\ndevices {\n}")).toEqual([
			"'devices' appears here a second time: multipath complains, and both are used",
		]);
		expect(texts("defaults {\n\tverbosity 1\n\tverbosity 3\n}")).toEqual([
			"'verbosity' appears here a second time: multipath complains, and the last value that it understands is used",
		]);
	});

	it("advises nobody to hold I/O for ever who set how long", () => {
		const [problem] = lintConf('overrides {\n\tfeatures "1 queue_if_no_path"\n\tno_path_retry 30\n}');
		expect(problem?.text).toBe(
			"'features' must not have queue_if_no_path: where no_path_retry is set, multipath drops it and no_path_retry counts, so leave it out; where none is set, it means 'no_path_retry queue', so write that",
		);
	});

	it("warns of an alias that only a store of ours refuses", () => {
		const alias = (name: string) =>
			found(`multipaths {\n\tmultipath {\n\t\twwid a\n\t\talias ${name}\n\t}\n}`);
		expect(alias("mpath0")).toEqual(["4:9 warning automatic-name"]);
		expect(alias("mpath/0")).toEqual(["4:9 error bad-value"]);
		expect(alias("dm-1")).toEqual(["4:9 error bad-value"]);
	});

	it("takes a byte order mark at the start, and nowhere else", () => {
		expect(found("\ufeffdefaults {\n}\n")).toEqual([]);
		expect(found("defaults {\n\ufeff}\n")).toContain("2:1 error bad-character");
		expect(found("\ufeff\ufeffdefaults {\n}\n")).toContain("1:2 error bad-character");
	});

	it("warns of a WWID that is no anchored expression", () => {
		expect(found('blacklist_exceptions {\n\twwid "35000c5001500aa0"\n}')).toEqual([
			"2:7 warning unanchored-wwid",
		]);
	});
});
