import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFleetConfig } from "../../src/config/read-fleet-config.ts";
import { soundConfig } from "../../src/config/sound-config.ts";
import { sectionConfigText } from "../section-config/section-config-text.ts";

function read(text: string) {
	const { config, problems } = readFleetConfig(text);
	return {
		...config,
		problems: problems.map(({ line, column, severity, text }) => `${line}:${column} ${severity} ${text}`),
	};
}

describe("multipath.cfg is read", () => {
	test("with an empty text as nothing wished", () => {
		expect(readFleetConfig("")).toEqual({ config: { defaults: {}, luns: [] }, problems: [] });
	});

	test("with its LUNs in the order of the text", () => {
		const { luns, problems } = read("wwid: b\n\nwwid: a\n\nwwid: c\n");
		expect(luns.map(({ wwid }) => wwid)).toEqual(["b", "a", "c"]);
		expect(problems).toEqual([]);
	});

	test("with booleans in every way that section config writes them", () => {
		const { defaults, problems } = read(
			"defaults: defaults\n\tdeferred-remove\n\tskip-kpartx 0\n\tforce-sync yes\n",
		);
		expect(defaults).toEqual({ "deferred-remove": "yes", "skip-kpartx": "no", "force-sync": "yes" });
		expect(problems).toEqual([]);
	});
});

describe("what is wrong in a stored text goes alone", () => {
	const good = "wwid: 3600good\n\talias fine\n\tno-path-retry 12\n\n";

	test.each([
		[
			"a keyword with a bad value",
			"wwid: x\n\tno-path-retry soon\n\tfailback manual\n",
			["6:16 error no-path-retry must be "],
		],
		["an unknown key", "wwid: x\n\tcolour red\n", ["6:2 warning key 'colour' is unknown"]],
		["a snake_case key", "wwid: x\n\tno_path_retry 5\n", ["6:2 warning key 'no_path_retry' is unknown"]],
		[
			"a keyword that LUNs cannot have",
			"wwid: x\n\tpolling-interval 5\n",
			["6:19 error polling-interval cannot be set: "],
		],
		["a refused keyword", "wwid: x\n\tmode 666\n", ["6:7 error mode cannot be set: "]],
		[
			"a managed keyword",
			"wwid: x\n\tuser-friendly-names\n",
			["6:2 error user-friendly-names cannot be set: "],
		],
		[
			"a repeated key",
			"wwid: x\n\tfailback manual\n\tfailback soon\n",
			["7:2 warning key 'failback' appears here again"],
		],
		["a key without its value", "wwid: x\n\talias\n", ["6:2 warning key 'alias' has no value"]],
		["a bad alias", "wwid: x\n\talias mpatha\n", ["6:8 error alias 'mpatha' must be "]],
		[
			"an alias that is another's",
			"wwid: x\n\talias fine\n",
			["6:8 error alias 'fine' is the alias of 3600good already"],
		],
		[
			"an alias that is a WWID",
			"wwid: x\n\talias 3600good\n",
			["6:8 error alias '3600good' is the WWID of a LUN"],
		],
		["a bad number of paths", "wwid: x\n\texpected-paths many\n", ["6:17 error expected-paths: type check"]],
		["a comment that is too long", `wwid: x\n\tcomment ${"c".repeat(1025)}\n`, ["6:10 error comment: "]],
		["a line that is nothing", "wwid: x\nnonsense here\n", ["6:1 error this is not a section header"]],
	])("%s", (_, bad, expected) => {
		const { luns, problems } = read(good + bad);
		expect(luns.map(({ wwid, alias }) => [wwid, alias])).toEqual([
			["3600good", "fine"],
			["x", null],
		]);
		expect(luns[0]?.settings).toEqual({ "no-path-retry": "12" });
		expect(problems.map((problem, index) => problem.slice(0, expected[index]?.length))).toEqual(expected);
	});

	test.each(["a/b", "a..b", "defaults", "x".repeat(128), "-F", 'a"b', "é"])(
		"a LUN under %j, which is no WWID",
		(wwid) => {
			const { luns, problems } = read(`${good}wwid: ${wwid}\n\talias other\n`);
			expect(luns.map(({ wwid }) => wwid)).toEqual(["3600good"]);
			expect(problems).toEqual([expect.stringMatching(/^5:1 error WWID '.*' .*; the LUN is not allowed$/)]);
		},
	);

	test("a section of an unknown type", () => {
		const { luns, problems } = read(`${good}lun: x\n\talias other\n`);
		expect(luns).toHaveLength(1);
		expect(problems).toEqual([
			"5:1 warning section type 'lun' is unknown; the section is kept and has no effect",
		]);
	});

	test("defaults under another id", () => {
		const { defaults, problems } = read(`${good}defaults: mine\n\tfailback manual\n`);
		expect(defaults).toEqual({});
		expect(problems).toEqual([
			"5:1 error the section of defaults must be 'defaults: defaults'; it has no effect",
		]);
	});

	test("a longest interval below the shortest", () => {
		const { defaults, problems } = read(
			"defaults: defaults\n\tpolling-interval 10\n\tmax-polling-interval 5\n",
		);
		expect(defaults).toEqual({ "polling-interval": "10" });
		expect(problems).toEqual(["3:23 error max-polling-interval must not be below polling-interval (10 s)"]);
	});

	test("a LUN that stands twice: the last section counts, told", () => {
		const { luns, problems } = read("wwid: a\n\talias x\n\nwwid: a\n\talias y\n");
		expect(luns.map(({ alias }) => alias)).toEqual(["y"]);
		expect(problems).toEqual(["4:1 error section 'wwid: a' is already in line 1; the last one is used"]);
	});
});

describe("a restriction to nodes", () => {
	test.each([
		["n1", ["n1"]],
		["n1,n2", ["n1", "n2"]],
		["n1; n2  n3", ["n1", "n2", "n3"]],
	])("%j", (text, nodes) => {
		expect(read(`wwid: a\n\tnodes ${text}\n`)).toMatchObject({ luns: [{ nodes }], problems: [] });
	});

	test.each([
		["nodes n1,n_2", ["n1"]],
		["nodes ../x", []],
		["nodes ,", []],
		["nodes", []],
	])("%j never widens to all nodes", (line, nodes) => {
		const { luns, problems } = read(`wwid: a\n\t${line}\n`);
		expect(luns).toMatchObject([{ nodes }]);
		expect(problems.some((problem) => problem.includes("error nodes: "))).toBe(true);
	});
});

test("any text gives a view that is sound, and problems with their place", () => {
	fc.assert(
		fc.property(sectionConfigText, (text) => {
			const { config, problems } = readFleetConfig(text);
			expect(soundConfig(config)).toEqual({ config, unsound: [] });
			const lines = text.split("\n");
			for (const { line, column } of problems) {
				expect(lines[line - 1]).toBeDefined();
				expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
			}
		}),
		{ numRuns: 10_000 },
	);
});

test("keys of objects are no keywords", () => {
	const { defaults, problems } = read("defaults: defaults\n\t__proto__ 1\n\tconstructor 1\n\ttoString 1\n");
	expect(Object.keys(defaults)).toEqual([]);
	expect(problems).toHaveLength(3);
});
