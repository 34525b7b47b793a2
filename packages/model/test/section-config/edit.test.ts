import {
	addSection,
	type ConfigSection,
	changeSectionKeys,
	findSection,
	PathkeeperError,
	parseSectionConfig,
	printSectionConfig,
	removeSection,
	type SectionValue,
} from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sectionConfigText } from "./section-config-text.ts";

const sample = "# top\na: one\n\tx 1\n    y   2  \n# inner\n\nb: two\n\tz 3\n";
const one = { type: "a", id: "one" };
const two = { type: "b", id: "two" };

function set(text: string, name: typeof one, key: string, value: SectionValue): string {
	return printSectionConfig(changeSectionKeys(parseSectionConfig(text), name, { set: [[key, value]] }));
}

function meaningOf(sections: readonly ConfigSection[]): unknown {
	return sections.map(({ type, id, properties }) => [type, id, properties.map((p) => [p.key, p.value])]);
}

function fieldsOf(act: () => unknown): Readonly<Record<string, string>> {
	try {
		act();
	} catch (error) {
		if (error instanceof PathkeeperError) return error.fields;
		throw error;
	}
	throw new Error("nothing was refused");
}

describe("setting a key", () => {
	test("keeps its place, indentation and distance", () => {
		expect(set(sample, one, "y", "22")).toBe(sample.replace("    y   2  \n", "    y   22\n"));
	});

	test("that is new puts it after the last key, indented as that", () => {
		expect(set(sample, one, "n", "7")).toBe(sample.replace("    y   2  \n", "    y   2  \n    n 7\n"));
	});

	test("of a section without keys indents it with a tab", () => {
		expect(set("a: one", one, "n", "7")).toBe("a: one\n\tn 7\n");
	});

	test("to null writes it bare", () => {
		expect(set(sample, two, "z", null)).toBe(sample.replace("\tz 3\n", "\tz\n"));
	});

	test("to a list writes a line for each", () => {
		expect(set(sample, two, "z", ["4", "5"])).toBe(sample.replace("\tz 3\n", "\tz 4\n\tz 5\n"));
	});

	test("that stands twice leaves one", () => {
		expect(set("a: one\n\tx 1\n\ty 2\n\tx 3\n", one, "x", "9")).toBe("a: one\n\tx 9\n\ty 2\n");
	});

	test("ends new lines as the file does", () => {
		expect(set("a: one\r\n\tx 1\r\n", one, "y", "2")).toBe("a: one\r\n\tx 1\r\n\ty 2\r\n");
	});

	test("of a missing section is refused", () => {
		expect(() => set(sample, { type: "a", id: "two" }, "x", "1")).toThrow("section 'a: two' does not exist");
	});

	test("of an id that stands twice changes the section that counts", () => {
		expect(set("a: one\n\tx 1\n\na: one\n\tx 2\n", one, "x", "9")).toBe("a: one\n\tx 1\n\na: one\n\tx 9\n");
	});
});

describe("a value that the grammar cannot carry is refused", () => {
	test.each([
		["line feed", "a\n\tno-path-retry queue"],
		["carriage return", "a\rb"],
		["NUL", "a\0b"],
		["escape", "a\u001b[2J"],
		["next line", "a\u0085b"],
		["line separator", "a\u2028b"],
		["half a surrogate pair", "a\ud800"],
		["nothing", ""],
		["leading blank", " a"],
		["trailing blank", "a\t"],
		["empty list", []],
		["list with a line feed", ["a", "b\nc"]],
	])("%s", (_, value) => {
		expect(fieldsOf(() => set(sample, one, "x", value))).toEqual({
			x: expect.stringMatching(/^invalid format - /),
		});
	});

	test.each(["", "a b", "#x", "a\nb", "1a", "é"])("key %j", (key) => {
		expect(fieldsOf(() => set(sample, one, key, "1"))).toEqual({
			[key]: "invalid format - key is not a plain word",
		});
	});

	test.each([
		{ type: "a", id: "" },
		{ type: "a", id: "x y" },
		{ type: "a", id: "x\n\nb: c" },
		{ type: "a", id: "x\0" },
		{ type: "a\u00a0b", id: "x" },
		{ type: "#a", id: "x" },
		{ type: "", id: "x" },
	])("section %j", (name) => {
		expect(Object.keys(fieldsOf(() => addSection(parseSectionConfig(sample), name, [])))).toEqual(["id"]);
	});
});

describe("deleting a key", () => {
	test("takes its line and no other", () => {
		const doc = changeSectionKeys(parseSectionConfig(sample), one, { delete: ["x"] });
		expect(printSectionConfig(doc)).toBe(sample.replace("\tx 1\n", ""));
	});

	test("takes every repetition, so that none becomes the value", () => {
		const doc = changeSectionKeys(parseSectionConfig("a: one\n\tx 1\n\tx 2\n"), one, { delete: ["x"] });
		expect(printSectionConfig(doc)).toBe("a: one\n");
	});

	test("that is not there changes nothing", () => {
		expect(printSectionConfig(changeSectionKeys(parseSectionConfig(sample), one, { delete: ["q"] }))).toBe(
			sample,
		);
	});
});

describe("a section", () => {
	test("is added at the end with an empty line on each side", () => {
		const doc = addSection(parseSectionConfig(sample), { type: "a", id: "three" }, [
			["x", "1"],
			["bare", null],
		]);
		expect(printSectionConfig(doc)).toBe(`${sample}\na: three\n\tx 1\n\tbare\n\n`);
	});

	test("is added to an empty file and to one that ends in an empty line without a gap", () => {
		const first = addSection(parseSectionConfig(""), one, []);
		expect(printSectionConfig(addSection(first, two, []))).toBe("a: one\n\nb: two\n\n");
	});

	test("whose id is taken is refused, whatever its type", () => {
		expect(() => addSection(parseSectionConfig(sample), { type: "b", id: "one" }, [])).toThrow(
			"section 'one' already exists",
		);
	});

	test("is removed with its empty line", () => {
		const doc = removeSection(parseSectionConfig(`${sample}\na: three\n\n`), two);
		expect(printSectionConfig(doc)).toBe("# top\na: one\n\tx 1\n    y   2  \n# inner\n\na: three\n\n");
	});

	test("is removed without the empty line that the section before it needs", () => {
		const doc = removeSection(parseSectionConfig("a: one\n\tx 1\nb: two\n\nc: three\n"), two);
		expect(printSectionConfig(doc)).toBe("a: one\n\tx 1\n\nc: three\n");
	});

	test("that stands twice is removed wholly, so that none of it comes back", () => {
		const doc = removeSection(parseSectionConfig("a: one\n\tx 1\n\nb: two\n\na: one\n\tx 2\n"), one);
		expect(printSectionConfig(doc)).toBe("b: two\n\n");
	});
});

describe("in any text", () => {
	const name = fc.constantFrom(
		{ type: "wwid", id: "3600a" },
		{ type: "defaults", id: "defaults" },
		{ type: "bogus", id: "x" },
	);
	const key = fc.constantFrom("alias", "x", "polling-interval");
	const value = fc.constantFrom("1", "new value", "é", '"}');

	test("setting a key changes what it names and nothing else", () => {
		fc.assert(
			fc.property(sectionConfigText, name, key, value, (text, name, key, value) => {
				const before = parseSectionConfig(text);
				const section = findSection(before, name);
				if (section === undefined) return;
				const after = changeSectionKeys(before, name, { set: [[key, value]] });
				const changed = findSection(after, name);
				expect(changed?.properties.filter((p) => p.key === key).map((p) => p.value)).toEqual([value]);
				expect(changed?.properties.filter((p) => p.key !== key).map((p) => [p.key, p.value])).toEqual(
					section.properties.filter((p) => p.key !== key).map((p) => [p.key, p.value]),
				);
				const touched = new Set(section.properties.filter((p) => p.key === key).map((p) => p.line));
				const kept = before.lines.filter((_, index) => !touched.has(index)).map((line) => line.text);
				const written = changed?.properties.find((p) => p.key === key)?.line;
				expect(after.lines.filter((_, index) => index !== written).map((line) => line.text)).toEqual(kept);
			}),
			{ numRuns: 3000 },
		);
	});

	test("adding a section and removing it again gives the sections of before", () => {
		fc.assert(
			fc.property(sectionConfigText, value, (text, value) => {
				const before = parseSectionConfig(text);
				const name = { type: "wwid", id: "fresh" };
				const added = addSection(before, name, [["alias", value]]);
				expect(printSectionConfig(added).startsWith(text)).toBe(true);
				expect(meaningOf(added.sections.slice(0, -1))).toEqual(meaningOf(before.sections));
				expect(added.sections.at(-1)).toMatchObject({ ...name, properties: [{ key: "alias", value }] });
				expect(meaningOf(removeSection(added, name).sections)).toEqual(meaningOf(before.sections));
			}),
			{ numRuns: 3000 },
		);
	});

	test("removing a section leaves every other as it was", () => {
		fc.assert(
			fc.property(sectionConfigText, name, (text, name) => {
				const before = parseSectionConfig(text);
				if (findSection(before, name) === undefined) return;
				const others = before.sections.filter((s) => s.type !== name.type || s.id !== name.id);
				const after = removeSection(before, name);
				expect(findSection(after, name)).toBeUndefined();
				expect(meaningOf(after.sections)).toEqual(meaningOf(others));
			}),
			{ numRuns: 3000 },
		);
	});
});
