import {
	checkSections,
	findSection,
	flagOf,
	parseSectionConfig,
	printSectionConfig,
} from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sectionConfigText } from "./section-config-text.ts";

const sample = `# fleet A
defaults: defaults
	polling-interval 5
	no-path-retry 12

wwid: 360014050000000100005ca14ab18000
	alias db-log
  # said by Eve
	comment Oracle redo, array A  
	shared

`;

describe("a section config file is read", () => {
	test("as sections with keys and values", () => {
		const doc = parseSectionConfig(sample);
		expect(doc.problems).toEqual([]);
		expect(doc.sections.map(({ type, id }) => [type, id])).toEqual([
			["defaults", "defaults"],
			["wwid", "360014050000000100005ca14ab18000"],
		]);
		expect(doc.sections[1]?.properties.map(({ key, value }) => [key, value])).toEqual([
			["alias", "db-log"],
			["comment", "Oracle redo, array A"],
			["shared", null],
		]);
	});

	test("with the place of every key and value", () => {
		const [alias] = parseSectionConfig(sample).sections[1]?.properties ?? [];
		expect(alias).toMatchObject({ line: 6, keyColumn: 2, valueColumn: 8 });
	});

	test.each([
		["dir: local", "dir", "local"],
		["dir:local", "dir", "local"],
		["dir: local \t", "dir", "local"],
		["wwid: naa.5:6", "wwid", "naa.5:6"],
		["a:b:c", "a:b", "c"],
		["a::", "a", ":"],
	])("with the header %j", (header, type, id) => {
		expect(parseSectionConfig(header).sections).toMatchObject([{ type, id }]);
	});

	test.each(["dir", ":x", ": x", "dir:", "dir: ", "dir: a b", "a:b c", "dir :a b"])(
		"without taking %j for a header",
		(line) => {
			const doc = parseSectionConfig(`${line}\n`);
			expect(doc.sections).toEqual([]);
			expect(doc.problems).toMatchObject([{ line: 1, column: 1, severity: "error" }]);
		},
	);

	test("past a comment inside a section", () => {
		const doc = parseSectionConfig("a: b\n\tx 1\n# no end\n\ty 2\n");
		expect(doc.sections[0]?.properties.map(({ key }) => key)).toEqual(["x", "y"]);
	});

	test("with an empty line as the end of a section, and keys after it reported", () => {
		const doc = parseSectionConfig("a: b\n\tx 1\n\n\ty 2\n");
		expect(doc.sections[0]?.properties.map(({ key }) => key)).toEqual(["x"]);
		expect(doc.problems).toEqual([
			{ line: 4, column: 2, severity: "error", text: "a key outside any section is ignored" },
		]);
	});

	test("with a line of blanks that ends nothing, as Proxmox VE does", () => {
		const doc = parseSectionConfig("a: b\n \t\n\tx 1\n");
		expect(doc.sections[0]?.properties.map(({ key }) => key)).toEqual(["x"]);
		expect(doc.problems).toMatchObject([{ line: 2, severity: "warning" }]);
	});

	test("with a header right after a key as a section of its own, reported", () => {
		const doc = parseSectionConfig("a: b\n\tx 1\nc: d\n\ty 2\n");
		expect(doc.sections.map(({ id, properties }) => [id, properties.map(({ key }) => key)])).toEqual([
			["b", ["x"]],
			["d", ["y"]],
		]);
		expect(doc.problems).toMatchObject([{ line: 3, severity: "warning" }]);
	});

	test("with the last of two sections of one id counting, reported", () => {
		const doc = parseSectionConfig("a: b\n\tx 1\n\na: b\n\tx 2\n");
		expect(findSection(doc, { type: "a", id: "b" })?.properties[0]?.value).toBe("2");
		expect(doc.problems).toMatchObject([{ line: 4, severity: "error" }]);
	});

	test("with CR LF at the ends of lines", () => {
		const text = "a: b\r\n\tx 1\r\n\r\nc: d\r\n";
		const doc = parseSectionConfig(text);
		expect(doc.problems).toEqual([]);
		expect(doc.sections.map(({ id }) => id)).toEqual(["b", "d"]);
		expect(doc.sections[0]?.properties[0]?.value).toBe("1");
		expect(printSectionConfig(doc)).toBe(text);
	});

	test("with control characters reported where they stand", () => {
		expect(parseSectionConfig("a: b\n\tx 1\0 2\n").problems).toEqual([
			{ line: 2, column: 5, severity: "error", text: "control character in the line" },
		]);
	});

	test("with repeated lines as a list", () => {
		const doc = parseSectionConfig("a: b\n\tx 1\n\tx 2\n\tx\n");
		const section = findSection(doc, { type: "a", id: "b" });
		expect(section?.properties.map(({ key, value }) => [key, value])).toEqual([
			["x", "1"],
			["x", "2"],
			["x", null],
		]);
	});
});

describe("what the schema does not know is told and kept", () => {
	const types = { wwid: { alias: "text", portal: "list", disable: "flag" } } as const;

	test.each([
		["bogus: x\n\ta 1\n", 1, 1, /section type 'bogus' is unknown/],
		["__proto__: x\n", 1, 1, /section type '__proto__' is unknown/],
		["wwid: x\n\tcolour red\n", 2, 2, /key 'colour' is unknown/],
		["wwid: x\n\tconstructor red\n", 2, 2, /key 'constructor' is unknown/],
		["wwid: x\n\talias a\n\talias b\n", 3, 2, /key 'alias' appears here again; the first one is used/],
		["wwid: x\n  alias\n", 2, 3, /key 'alias' has no value/],
	])("%j", (text, line, column, message) => {
		const doc = parseSectionConfig(text);
		expect(checkSections(doc, types)).toMatchObject([
			{ line, column, severity: "warning", text: expect.stringMatching(message) },
		]);
		expect(printSectionConfig(doc)).toBe(text);
	});

	test("and lists and bare flags are no problem", () => {
		expect(checkSections(parseSectionConfig("wwid: x\n\tportal a\n\tportal b\n\tdisable\n"), types)).toEqual(
			[],
		);
	});

	test.each([
		[null, true],
		["1", true],
		["Yes", true],
		["off", false],
		["0", false],
		["maybe", null],
	])("a flag written %j is %j", (value, flag) => {
		expect(flagOf(value)).toBe(flag);
	});
});

describe("any text", () => {
	test("is read without an error and printed as it was", () => {
		fc.assert(
			fc.property(sectionConfigText, (text) => {
				const doc = parseSectionConfig(text);
				expect(printSectionConfig(doc)).toBe(text);
				let end = 0;
				for (const { from, to } of doc.sections) {
					expect(from).toBeGreaterThanOrEqual(end);
					expect(to).toBeGreaterThan(from);
					end = to;
				}
			}),
			{ numRuns: 10_000 },
		);
	});

	test.each(["", "\n", "\r\n", "\r", "#", ":", " ", "a: b", "\uFEFFa: b\n", "\ud800"])("%j too", (text) => {
		expect(printSectionConfig(parseSectionConfig(text))).toBe(text);
	});

	test("of a great size too, however it is made", () => {
		for (const text of [
			" ".repeat(200_000),
			`a${" ".repeat(200_000)}b`,
			"a:".repeat(100_000),
			"a: b\n".repeat(20_000),
		]) {
			expect(printSectionConfig(parseSectionConfig(text))).toBe(text);
		}
	});
});
