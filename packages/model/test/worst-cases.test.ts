/**
 * The worst text of each kind that somebody could hand us, read in time linear in its length. Beside the growth stands
 * the factor against a plain pass over a text of that length.
 */
import {
	addStorage,
	aliasProblems,
	allowLun,
	builtInTypes,
	checkSections,
	configEntry,
	configFindings,
	differences,
	diffLines,
	effectiveConf,
	excessGrant,
	groupFindings,
	leftOutStorages,
	lintConf,
	lintOverrides,
	parseAclPath,
	parseConf,
	parseSectionConfig,
	readEffective,
	readFleetConfig,
	readMapsJson,
	readMapsRaw,
	readSaved,
	readStorageConfig,
	readTopology,
	removeStorage,
	renderNode,
	rightsOf,
	setDefaults,
	splitList,
	storagesByLun,
	storagesOnBase,
	updateLun,
	updateStorage,
	withEntries,
	withoutEntries,
	withoutLun,
} from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { factorProblem, growthProblem } from "./cost.ts";

type Maker = (size: number) => string;

/** `size` characters of a piece that repeats; the piece may say which one it is. */
const repeated =
	(piece: string | ((n: number) => string)): Maker =>
	(size) => {
		const pieces: string[] = [];
		for (let n = 0, length = 0; length < size; n++) {
			const next = typeof piece === "string" ? piece : piece(n);
			pieces.push(next);
			length += next.length;
		}
		return pieces.join("");
	};
const framed =
	(before: string, make: Maker, after: string): Maker =>
	(size) =>
		before + make(size) + after;

const size = 128 * 1024;

function isLinear(make: Maker, read: (text: string) => unknown): void {
	const attempt = (text: string) => () => {
		try {
			return read(text);
		} catch {
			return null;
		}
	};
	expect(growthProblem((length) => attempt(make(length)), size)).toBeNull();
	const text = make(size);
	expect(factorProblem(attempt(text), text)).toBeNull();
}

const sectionTexts: Readonly<Record<string, Maker>> = {
	"many LUNs": repeated((n) => `wwid: w${n}\n\talias a${n}\n\n`),
	"one alias for all": repeated((n) => `wwid: w${n}\n\talias same\n\n`),
	"aliases that are WWIDs": repeated((n) => `wwid: w${n}\n\talias w${n + 1}\n\n`),
	"one LUN again and again": repeated("wwid: w\n\talias a\n\n"),
	"one id in every letter case": repeated((n) => `dir: ${cased("storage-one", n)}\n\tpath /srv\n\n`),
	"one section with many keys": framed(
		"wwid: w\n",
		repeated((n) => `\tk${n} 1\n`),
		"",
	),
	"one key again and again": framed("wwid: w\n", repeated("\tnodes n\n"), ""),
	"headers without a gap": repeated("a:b\n"),
	"keys of no section": repeated("\tk v\n"),
	"lines that are nothing": repeated("?\n"),
	"empty lines": repeated("\n"),
	"lines of blanks": repeated(" \n"),
	"one line of blanks": repeated(" "),
	"one line of colons": repeated(":"),
	"one long value": framed("wwid: w\n\tcomment ", repeated("x "), "\n"),
	"one long list": framed(
		"wwid: w\n\tnodes ",
		repeated((n) => `n${n},`),
		"\n",
	),
	"control characters": repeated("\u0001\n"),
	"carriage returns": repeated("\r"),
	"storages on storages": repeated((n) => `lvm: s${n}\n\tvgname vg${n}\n\tbase s${n + 1}:w${n}\n\n`),
	"storages on one LUN": repeated((n) => `lvm: s${n}\n\tvgname vg\n\tbase m:w\n\n`),
};

/** A word in one of its many letter cases. */
function cased(word: string, n: number): string {
	return [...word].map((letter, at) => ((n >> at) % 2 === 1 ? letter.toUpperCase() : letter)).join("");
}

const everyKey = Array.from({ length: 1000 }, (_, n) => (n % 2 === 0 ? "alias" : "nodes"));

const sectionReaders: Readonly<Record<string, (text: string) => unknown>> = {
	"is parsed": (text) => checkSections(parseSectionConfig(text), { wwid: { alias: "text" } }),
	"is read as multipath.cfg": (text) => readFleetConfig(text),
	"is judged": (text) => configFindings(readFleetConfig(text).config),
	"is rendered for a node": (text) =>
		renderNode({ config: readFleetConfig(text).config, overrides: "", toolsVersion: "0.9.4", node: "n1" }),
	"has its aliases checked": (text) =>
		aliasProblems(parseSectionConfig(text).sections.map(({ id }) => ({ wwid: id, alias: id }))),
	"gets a LUN": (text) => allowLun(text, "new", { alias: "new" }),
	"has a LUN changed": (text) => updateLun(text, "w", { set: { alias: "b" }, delete: everyKey.slice(1) }),
	"loses many keys": (text) => updateLun(text, "w", { delete: everyKey }),
	"loses a LUN": (text) => withoutLun(text, "w"),
	"gets defaults": (text) => setDefaults(text, { set: { "no-path-retry": "5" }, delete: everyKey }),
	"is told as a change": (text) =>
		configEntry({ name: "multipath.cfg", before: "", after: text, at: 0, by: "a", from: null }),
	"is read as storage.cfg": (text) => leftOutStorages(text, readStorageConfig(text, builtInTypes)),
	"gets a storage": (text) => addStorage(text, builtInTypes, "fresh", "dir", { path: "/srv" }),
	"has a storage changed": (text) =>
		updateStorage(text, builtInTypes, "storage-one", { set: { nodes: "n1" }, delete: everyKey.slice(1) }),
	"loses a storage": (text) => removeStorage(text, builtInTypes, "storage-one"),
	"is asked what stands on what": (text) => [storagesByLun(text), storagesOnBase(text, builtInTypes, "s1")],
	"is asked which groups are gone": (text) => {
		const { storages } = readStorageConfig(text, builtInTypes);
		const nodes = new Map([
			["n1", { state: "missing" as const, paths: 0, usable: 0, expected: 0, reasons: [], map: null }],
		]);
		const luns = storages.map((_, n) => ({ ...lun, wwid: `w${n}`, nodes }));
		return groupFindings(storages, [...luns, { ...lun, wwid: "w", nodes }]);
	},
};

const lun = {
	alias: null,
	sizeBytes: null,
	vendor: null,
	product: null,
	state: "missing" as const,
	reasons: [],
	queueing: null,
	conflict: null,
};

describe.each(Object.entries(sectionReaders))("a section config that %s", (_, read) => {
	test.each(Object.entries(sectionTexts))("%s", (__, make) => isLinear(make, read));
});

const overridesTexts: Readonly<Record<string, Maker>> = {
	"rules that match everything": framed("blacklist {\n", repeated('\tdevnode ".*"\n'), "}\n"),
	"device rules that match everything": framed(
		"blacklist {\n",
		repeated('device {\nvendor ".*"\nproduct ".*"\n}\n'),
		"}\n",
	),
	"one device block of many rules": framed("blacklist {\ndevice {\n", repeated('vendor ".*"\n'), "}\n}\n"),
	protocols: framed(
		"overrides {\n",
		repeated((n) => `protocol {\ntype "scsi:${n}"\n}\n`),
		"}\n",
	),
	devices: framed(
		"devices {\n",
		repeated((n) => `device {\nvendor "v${n}"\nproduct "p"\n}\n`),
		"}\n",
	),
	"one device again and again": framed(
		"devices {\n",
		repeated('device {\nvendor "v"\nproduct "p"\nfeatures "1 queue_if_no_path"\n}\n'),
		"}\n",
	),
	"blocks that are not closed": repeated("defaults {\n"),
	"blocks within blocks": repeated("devices {\ndevice {\n"),
	"braces that close nothing": repeated("}\n"),
	"braces in one line": repeated("}"),
	"quotes in one line": repeated('"'),
	"quotes in lines": repeated('a """""""\n'),
	"words in one line": repeated("a "),
	"words that nobody knows": framed("overrides {\n", repeated("colour red\n"), "}\n"),
	"one keyword again and again": framed("overrides {\n", repeated("no_path_retry 5\n"), "}\n"),
	brackets: framed("blacklist {\n", repeated(`devnode "${"[[:alpha:]".repeat(60)}"\n`), "}\n"),
	"open brackets": framed("blacklist {\n", repeated(`devnode "${"[a[.".repeat(200)}"\n`), "}\n"),
	groups: framed("blacklist {\n", repeated(`devnode "${"(".repeat(450)}${")".repeat(450)}"\n`), "}\n"),
	counts: framed("blacklist {\n", repeated(`devnode "${"a{1,2}".repeat(150)}"\n`), "}\n"),
	"long numbers": framed("overrides {\n", repeated(`dev_loss_tmo ${"9".repeat(900)}\n`), "}\n"),
	"long blanks": framed("overrides {\n", repeated(`features "${" ".repeat(900)}"\n`), "}\n"),
	"control characters": repeated("\u0001\n"),
	comments: repeated("#\n"),
};

const overridesReaders: Readonly<Record<string, (text: string) => unknown>> = {
	"is parsed": (text) => parseConf(text, { cut: false }),
	"is linted": (text) => [lintOverrides(text), lintConf(text, { toolsVersion: "0.9.4", mainFile: true })],
	"is rendered": (text) =>
		renderNode({ config: { defaults: {}, luns: [] }, overrides: text, toolsVersion: "0.9.4", node: "n1" }),
	"is taken for what multipathd holds": (text) => {
		const held = effectiveConf([{ name: "multipath.conf", text }]);
		const other = { ...held, protocols: held.protocols.toReversed() };
		const without = { ...held, blacklist: { ...held.blacklist, device: held.blacklist.device.toReversed() } };
		return [readEffective(text), differences(held, other), differences(held, without)];
	},
};

describe.each(Object.entries(overridesReaders))("a text of multipath.conf that %s", (_, read) => {
	test.each(Object.entries(overridesTexts))("%s", (__, make) => isLinear(make, read));
});

const half =
	(make: Maker): Maker =>
	(size) =>
		make(size / 2);

describe("two texts are compared", () => {
	const twins: Readonly<Record<string, readonly [Maker, Maker]>> = {
		"that differ in every line": [repeated((n) => `a${n}\n`), repeated((n) => `b${n}\n`)],
		"that differ in every second line": [repeated((n) => `same\na${n}\n`), repeated((n) => `same\nb${n}\n`)],
		"of one line each time, and one of another": [repeated("}\n"), repeated("}\n}\n{\n")],
		"whose halves changed places": [
			(size) => half(repeated("a\n"))(size) + half(repeated("b\n"))(size),
			(size) => half(repeated("b\n"))(size) + half(repeated("a\n"))(size),
		],
		"of two lines in another order": [repeated("a\nb\nb\na\nb\n"), repeated("b\na\nb\nb\na\na\n")],
		"that are one line": [repeated("a"), repeated("b")],
	};
	test.each(Object.entries(twins))("%s", (_, [from, to]) => {
		const prepare = (length: number) => {
			const [a, b] = [from(length), to(length)];
			return () => diffLines(a, b);
		};
		expect(growthProblem(prepare, size)).toBeNull();
		const [a, b] = [from(64 * 1024), to(64 * 1024)];
		expect(factorProblem(() => diffLines(a, b), a + b)).toBeNull();
	});
});

const listings: Readonly<Record<string, Maker>> = {
	"documents of nothing": repeated("{}\n"),
	"documents in one another": repeated("{\n"),
	"documents that begin as multipathd's": repeated('{"maps":\n'),
	"lists in one another": repeated("["),
	"maps of nothing": framed('{"maps":[', repeated('{"name":"m","path_groups":[]},'), "{}]}"),
	"many maps in multipathd's form": framed(
		'{\n   "major_version": 0,\n   "minor_version": 1,\n   "maps": [',
		repeated((n) => `{\n      "name" : "m${n}",\n      "uuid" : "w${n}",\n      "path_groups": []\n   },`),
		"{}]}\n",
	),
	"one member again and again": framed('{"maps":[{', repeated('"name":"m",'), '"x":1}]}'),
	"backslashes in one string": framed('{"maps":[{"name":"', repeated("\\"), '"}]}'),
	"quotes behind backslashes": framed('{"maps":[{"name":"', repeated('\\"'), '"}]}'),
	quotes: repeated('"'),
	"one long number": framed('{"maps":', repeated("1"), "}"),
	"headers with blanks": repeated(`a${" ".repeat(1100)}x [f]:x y\n`),
	"headers with parentheses": repeated(`${"a (".repeat(300)}dm-1\n`),
	"headers of words": repeated(`${"a dm-".repeat(200)}\n`),
	"old groups with blanks": repeated(`\\_ a${" ".repeat(1900)}x\n`),
	bars: repeated(`${"|".repeat(1900)}\n`),
	backslashes: repeated(`${"\\".repeat(1900)}\n`),
	blanks: repeated(`${" ".repeat(1900)}\n`),
	properties: repeated(`size=${"1".repeat(30)} features='${"'".repeat(900)}\n`),
	"old properties": repeated(`[size=1${"][".repeat(900)}\n`),
	"old paths": repeated(`\\_ a b 1:1 ${"[".repeat(900)}${"]".repeat(900)}\n`),
	addresses: repeated(`${"1:".repeat(900)}\n`),
	"paths of no map": repeated("| `- 1:0:0:1 sda 8:0 active ready running\n"),
	"groups of no paths": framed(
		"m (w) dm-1 V,P\nsize=1G features='0' hwhandler='0' wp=rw\n",
		repeated("|-+- policy='x' prio=1 status=active\n"),
		"",
	),
	"maps of no groups": repeated(
		(n) => `m${n} (w${n}) dm-${n} V,P\nsize=1G features='0' hwhandler='0' wp=rw\n`,
	),
	prompts: repeated("multipathd> "),
	"prompts in lines": repeated("multipathd> multipathd>\n"),
	escapes: repeated("\u001b]"),
	"half escapes": repeated(`\u001b[${"1".repeat(70)}`),
	"log lines": repeated("Jun 01 12:00:00 | a\n"),
	dates: repeated(`${"2020-01-01T00:00:00".repeat(50)}\n`),
	"shell prompts": repeated(`[${"@".repeat(160)}\n`),
	"rules of equal signs": repeated(`${"=".repeat(990)}\n`),
};

const outputReaders: Readonly<Record<string, (text: string) => unknown>> = {
	"as whatever it is": (text) => readSaved(text),
	"as JSON": (text) => readMapsJson(text),
	"as a topology": (text) => readTopology(text),
};

describe.each(Object.entries(outputReaders))("what multipathd may have said, read %s", (_, read) => {
	test.each(Object.entries(listings))("%s", (__, make) => isLinear(make, read));
});

describe("raw listings of multipathd", () => {
	const maps = repeated((n) => `w${n}|dm-${n}|active|0|||||||||x|m${n}\n`);
	test.each([
		["rows of nobody", repeated("?|\n")],
		["rows of many fields", repeated("w1|||||||||||||||||||||||||||\n")],
		["one row of fields", repeated("|")],
		["rows of one map", repeated("w1||sda||||||||||||m1\n")],
	])("%s", (_, rows) => {
		const prepare = (length: number) => {
			const [a, b] = [maps(length), rows(length)];
			return () => readMapsRaw(a, b);
		};
		expect(growthProblem(prepare, size)).toBeNull();
	});
});

describe("who may what", () => {
	const entriesOf = (count: number, subject: (n: number) => string) =>
		Array.from({ length: count }, (_, n) => {
			const path = parseAclPath(`/storage/s${n}`);
			if (path === null) throw new Error("no path");
			return { path, subject: subject(n), role: "Operator" as const, propagate: true };
		});
	const one = { user: "u@local", token: null };

	test("one subject with all entries is looked up on all paths", () => {
		const prepare = (count: number) => {
			const acl = entriesOf(count, () => "u@local");
			return () => {
				const rights = rightsOf(one, acl);
				return acl.map(({ path }) => rights(path));
			};
		};
		expect(growthProblem(prepare, 16_000)).toBeNull();
	});

	test("as many entries as there are change at once", () => {
		const prepare = (count: number) => {
			const acl = entriesOf(count, (n) => `u${n}@local`);
			return () => [withEntries(acl, acl), withoutEntries(acl, acl.toReversed())];
		};
		expect(growthProblem(prepare, 16_000)).toBeNull();
	});

	test("subjects that have nothing before and after cost nothing", () => {
		const prepare = (count: number) => {
			const acl = entriesOf(count, () => "u@local");
			const strangers = acl.map((_, n) => `x${n}@local`);
			return () => excessGrant(acl, acl, rightsOf(one, acl), strangers);
		};
		expect(growthProblem(prepare, 16_000)).toBeNull();
	});
});

test.each([
	["commas", repeated(",")],
	["names", repeated((n) => `n${n},`)],
	["blanks", repeated(" ")],
])("a list of %s is split", (_, make) => isLinear(make, splitList));
