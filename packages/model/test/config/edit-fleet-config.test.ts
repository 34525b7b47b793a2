import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowLun, setDefaults, updateLun, withoutLun } from "../../src/config/edit-fleet-config.ts";
import { readFleetConfig } from "../../src/config/read-fleet-config.ts";
import { keyOfKeyword, settableKeywords } from "../../src/config/settable.ts";
import { type ErrorCode, PathkeeperError } from "../../src/errors.ts";
import { parseSectionConfig } from "../../src/section-config/parse.ts";
import { sectionConfigText } from "../section-config/section-config-text.ts";

const sample = `# the fleet
defaults: defaults
	polling-interval 5
	no-path-retry 12

wwid: 3600a
	alias db-log
	comment Oracle redo, array A
	expected-paths 4
	future-key kept

wwid: 3600b
`;

function refusal(act: () => unknown): {
	readonly code: ErrorCode;
	readonly fields: Readonly<Record<string, string>>;
} {
	try {
		act();
	} catch (error) {
		if (error instanceof PathkeeperError) return { code: error.code, fields: error.fields };
		throw error;
	}
	throw new Error("nothing was refused");
}

function fieldsOf(act: () => unknown): Readonly<Record<string, string>> {
	const { code, fields } = refusal(act);
	expect(code).toBe("PARAMETER_INVALID");
	return fields;
}

describe("the defaults", () => {
	test("are changed key by key; an omitted key stays", () => {
		const text = setDefaults(sample, { set: { "no-path-retry": "fail" } });
		expect(text).toBe(sample.replace("no-path-retry 12", "no-path-retry fail"));
	});

	test("get a section with their first key and lose it with their last", () => {
		const first = setDefaults("wwid: 3600a\n", { set: { failback: "immediate" } });
		expect(first).toBe("wwid: 3600a\n\ndefaults: defaults\n\tfailback immediate\n\n");
		expect(setDefaults(first, { delete: ["failback"] })).toBe("wwid: 3600a\n\n");
	});

	test("keep their section while a key that nobody knows is in it", () => {
		const text = "defaults: defaults\n\tfailback manual\n\tfuture 1\n";
		expect(setDefaults(text, { delete: ["failback"] })).toBe("defaults: defaults\n\tfuture 1\n");
	});

	test("take booleans as section config writes them", () => {
		expect(setDefaults("", { set: { "deferred-remove": "1", "skip-kpartx": "off" } })).toContain(
			"\tdeferred-remove yes\n\tskip-kpartx no\n",
		);
	});

	test("without a change stay, byte for byte", () => {
		expect(setDefaults(sample, {})).toBe(sample);
		expect(setDefaults(sample, { delete: ["failback"] })).toBe(sample);
	});

	test.each([
		["user-friendly-names", "yes", /managed baseline/],
		["find-multipaths", "off", /managed baseline/],
		["find-multipaths-timeout", "1", /managed baseline/],
		["alias-prefix", "disk", /managed baseline/],
		["reservation-key", "0x1", /each host needs a key of its own/],
		["uid-attrs", "sd:ID_SERIAL", /changes what the WWID/],
		["uid-attribute", "ID_WWN", /changes what the WWID/],
		["reassign-maps", "yes", /not its own/],
		["enable-foreign", "nvme", /libraries/],
		["max-fds", "8192", /that differs between hosts/],
		["marginal-pathgroups", "fpin", /not compiled in everywhere|enumeration/],
		["bindings-file", "/etc/passwd", /write or truncate/],
		["wwids-file", "/etc/passwd", /write or truncate/],
		["prkeys-file", "/etc/passwd", /write or truncate/],
		["multipath-dir", "/tmp", /code or settings/],
		["config-dir", "/tmp", /code or settings/],
		["getuid-callout", "/bin/sh", /releases before 0\.9\.0 run it as root/],
		["mode", "666", /local user/],
		["uid", "1000", /local user/],
		["gid", "1000", /local user/],
		["pg-timeout", "5", /ignores it/],
		["disable-changed-wwids", "yes", /ignores it/],
		["checker", "tur", /path-checker/],
		["wwid", "3600", /id of a LUN/],
		["alias", "x", /belongs to one LUN/],
		["vendor", "X", /multipath-overrides\.conf/],
		["hardware-handler", "1 alua", /multipath-overrides\.conf/],
		["polling-interval", "0", /from 1 to 3600/],
		["polling-interval", "x", /from 1 to 3600/],
		["polling-interval", "-1", /from 1 to 3600/],
		["partition-delimiter", "/", /crashes multipathd/],
		["max-polling-interval", "2", /must not be below polling-interval \(5 s\)/],
		["prio", "../../tmp/evil", /enumeration/],
		["path-checker", "../../tmp/evil", /enumeration/],
		["features", "5 queue_if_no_path", /follow/],
		["deferred-remove", "maybe", /^value 'maybe' does not have a value in the enumeration 'yes, no'$/],
		["polling_interval", "5", /^property is not defined in schema/],
		["nonsense", "5", /^property is not defined in schema/],
		["__proto__", "5", /^property is not defined in schema/],
		["constructor", "5", /^property is not defined in schema/],
		["comment", "x", /^property is not defined in schema/],
	])("refuse %s %s", (key, value, message) => {
		const fields = fieldsOf(() => setDefaults(sample, { set: Object.fromEntries([[key, value]]) }));
		expect(Object.keys(fields)).toEqual([key]);
		expect(fields[key]).toMatch(message);
	});

	test("tell every property at fault at once", () => {
		const set = { "polling-interval": "0", failback: "soon", "no-path-retry": "5" };
		expect(Object.keys(fieldsOf(() => setDefaults(sample, { set })))).toEqual([
			"polling-interval",
			"failback",
		]);
	});

	test("refuse to delete what is no option", () => {
		expect(fieldsOf(() => setDefaults(sample, { delete: ["nonsense"] }))).toEqual({
			nonsense: "no such option 'nonsense'",
		});
	});

	test("refuse to set and delete one property", () => {
		expect(
			fieldsOf(() => setDefaults(sample, { set: { failback: "manual" }, delete: ["failback"] })),
		).toEqual({
			failback: "cannot set and delete property 'failback' at the same time!",
		});
	});

	test("let a stored key that is refused today be deleted", () => {
		const text = "defaults: defaults\n\tbindings-file /x\n\tfailback manual\n";
		expect(setDefaults(text, { delete: ["bindings-file"] })).toBe("defaults: defaults\n\tfailback manual\n");
	});
});

describe("a LUN", () => {
	test("is allowed with all it may have", () => {
		const text = allowLun("", "3600c", {
			alias: "data",
			comment: "array B, 50% é",
			"expected-paths": "4",
			nodes: "n1, n2;n3",
			"no-path-retry": "queue",
		});
		expect(text).toBe(
			"wwid: 3600c\n\talias data\n\tcomment array B, 50% é\n\texpected-paths 4\n\tnodes n1,n2,n3\n\tno-path-retry queue\n\n",
		);
		expect(readFleetConfig(text)).toEqual({
			config: {
				defaults: {},
				luns: [
					{
						wwid: "3600c",
						alias: "data",
						comment: "array B, 50% é",
						expectedPaths: 4,
						nodes: ["n1", "n2", "n3"],
						settings: { "no-path-retry": "queue" },
					},
				],
			},
			problems: [],
		});
	});

	test("is not allowed twice", () => {
		expect(refusal(() => allowLun(sample, "3600a")).code).toBe("ALREADY_EXISTS");
	});

	test.each(["", "defaults", "a/b", "a..b", "a\nb", "x".repeat(128)])("is not allowed as %j", (wwid) => {
		expect(fieldsOf(() => allowLun(sample, wwid))).toEqual({
			wwid: expect.stringMatching(/^invalid format - WWID /),
		});
	});

	test("is not allowed under a name that is another LUN's alias", () => {
		expect(fieldsOf(() => allowLun(sample, "db-log"))).toEqual({
			wwid: expect.stringMatching(/alias of 3600a/),
		});
	});

	test("keeps every line that a change does not name", () => {
		const text = updateLun(sample, "3600a", { set: { "expected-paths": "8" }, delete: ["comment"] });
		expect(text).toBe(sample.replace("paths 4", "paths 8").replace("\tcomment Oracle redo, array A\n", ""));
	});

	test("may get the alias it has", () => {
		expect(updateLun(sample, "3600a", { set: { alias: "db-log" } })).toBe(sample);
	});

	test("loses a key that nobody knows only when asked to", () => {
		expect(updateLun(sample, "3600a", { delete: ["future-key"] })).toBe(
			sample.replace("\tfuture-key kept\n", ""),
		);
	});

	test.each([
		["alias", "mpatha"],
		["alias", "dm-1"],
		["alias", "db-log"],
		["alias", "3600a"],
		["alias", "seen"],
		["alias", "vg0-root"],
		["comment", "x".repeat(1025)],
		["expected-paths", "0"],
		["expected-paths", "1025"],
		["expected-paths", "four"],
		["nodes", ""],
		["nodes", "n1,n1"],
		["nodes", "n_1"],
		["nodes", "../x"],
		["polling-interval", "5"],
		["dev-loss-tmo", "60"],
		["path-checker", "tur"],
		["user-friendly-names", "yes"],
		["reservation-key", "0x1"],
		["mode", "666"],
		["wwid", "3600b"],
	])("refuses %s %j", (key, value) => {
		const known = { wwids: ["seen"], dmDevices: [{ node: "n1", name: "vg0-root", wwid: null }] };
		const fields = fieldsOf(() => updateLun(sample, "3600b", { set: { [key]: value } }, known));
		expect(Object.keys(fields)).toEqual([key]);
	});

	test("that is not there is neither changed nor forgotten", () => {
		expect(refusal(() => updateLun(sample, "3600", {})).code).toBe("NOT_FOUND");
		expect(refusal(() => withoutLun(sample, "3600")).code).toBe("NOT_FOUND");
		expect(refusal(() => withoutLun(sample, "defaults")).code).toBe("NOT_FOUND");
	});

	test("is forgotten with its section and nothing else", () => {
		expect(withoutLun(sample, "3600b")).toBe(sample.replace("wwid: 3600b\n", ""));
		expect(readFleetConfig(withoutLun(sample, "3600a")).config.luns.map(({ wwid }) => wwid)).toEqual([
			"3600b",
		]);
	});

	test("that stands under a WWID that is none can be forgotten", () => {
		expect(withoutLun("wwid: a..b\n\talias x\n", "a..b")).toBe("");
	});
});

describe("hostile text is refused in every field of every edit", () => {
	const hostile = [
		'x"\n}\nmultipaths {',
		"a\nwwid: evil",
		"a\r\n\tno-path-retry queue",
		"a\rb",
		"a\0b",
		'quote"',
		"brace}",
		"brace{",
		"#comment",
		"!comment",
		"nbsp\u00a0",
		"emoji😀",
		"\u2028",
		"\ud800",
		"x".repeat(100_000),
		" ",
		"",
	];
	const luns = [...settableKeywords("multipaths").map(keyOfKeyword), "alias", "expected-paths", "nodes"];
	const lunFields = luns.filter((key) => key !== "prio-args");

	test.each(
		settableKeywords("defaults")
			.map(keyOfKeyword)
			.filter((key) => key !== "prio-args"),
	)("defaults: %s", (key) => {
		for (const value of hostile) {
			expect(Object.keys(fieldsOf(() => setDefaults(sample, { set: { [key]: value } })))).toEqual([key]);
		}
	});

	test.each(lunFields)("LUN: %s", (key) => {
		for (const value of hostile) {
			expect(Object.keys(fieldsOf(() => updateLun(sample, "3600b", { set: { [key]: value } })))).toEqual([
				key,
			]);
		}
	});

	test("in free text what would end its line or its quotes is refused, and the rest changes nothing else", () => {
		const commentOnly = ['quote"', "brace}", "brace{", "#comment", "!comment", "nbsp\u00a0", "emoji😀"];
		const printable = ["brace}", "brace{", "#comment", "!comment"];
		for (const [key, fine] of [
			["comment", commentOnly],
			["prio-args", printable],
		] as const) {
			for (const value of hostile) {
				if (fine.includes(value)) {
					const text = updateLun(sample, "3600b", { set: { [key]: value } });
					expect(text).toBe(`${sample}\t${key} ${value}\n`);
					expect(readFleetConfig(text).config.luns).toHaveLength(2);
				} else {
					expect(Object.keys(fieldsOf(() => updateLun(sample, "3600b", { set: { [key]: value } })))).toEqual([
						key,
					]);
				}
			}
		}
	});

	test("as a WWID", () => {
		for (const wwid of hostile.filter((text) => text !== "#comment")) {
			expect(Object.keys(fieldsOf(() => allowLun(sample, wwid)))).toEqual(["wwid"]);
		}
	});

	test("as a key", () => {
		for (const key of hostile) {
			expect(
				Object.keys(fieldsOf(() => updateLun(sample, "3600b", { set: Object.fromEntries([[key, "1"]]) }))),
			).toEqual([key]);
		}
	});
});

describe("over any stored text", () => {
	const value = fc.oneof(
		fc.string({ unit: "binary", maxLength: 20 }),
		fc.constantFrom("fail", "12", "yes", "data", "n1,n2"),
	);
	const key = fc.constantFrom(
		"alias",
		"comment",
		"nodes",
		"expected-paths",
		"no-path-retry",
		"failback",
		"deferred-remove",
		"x",
	);

	test("an edit succeeds and means what it says, or refuses and names what it refuses", () => {
		fc.assert(
			fc.property(sectionConfigText, key, value, (text, key, value) => {
				const before = parseSectionConfig(text);
				const others = (sections: typeof before.sections) => sections.filter(({ id }) => id !== "fresh");
				try {
					const after = allowLun(text, "fresh", { [key]: value });
					const { config, problems } = readFleetConfig(after);
					const lun = config.luns.find(({ wwid }) => wwid === "fresh");
					expect(lun).toBeDefined();
					expect(after.startsWith(text)).toBe(true);
					expect(others(parseSectionConfig(after).sections).map(({ type, id }) => [type, id])).toEqual(
						before.sections.map(({ type, id }) => [type, id]),
					);
					const lastLine = before.lines.length;
					expect(problems.filter(({ line, severity }) => line > lastLine && severity === "error")).toEqual(
						[],
					);
				} catch (error) {
					if (!(error instanceof PathkeeperError)) throw error;
					expect(Object.keys(error.fields)).toEqual([key]);
				}
			}),
			{ numRuns: 10_000 },
		);
	});
});
