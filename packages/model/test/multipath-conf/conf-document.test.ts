import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConf } from "../../src/multipath-conf/conf-document.ts";
import { effectiveConf, readEffective } from "../../src/multipath-conf/effective-conf.ts";
import { lintConf } from "../../src/multipath-conf/lint-conf.ts";
import { lintOverrides } from "../../src/multipath-conf/lint-overrides.ts";
import { regexProblem } from "../../src/multipath-conf/posix-regex.ts";
import { soup } from "./arbitraries.ts";

/** Any text at all, texts of the grammar's own characters, and configurations with a character knocked out. */
const anyText = fc.oneof(
	fc.string({ unit: "binary", maxLength: 300 }),
	fc.string({ unit: fc.constantFrom(...'"{}#! \t\n\r\0ab\u{85}é\u{1f600}\\[(*'.split("")), maxLength: 300 }),
	fc.tuple(soup, fc.nat(), fc.string({ unit: "binary", maxLength: 3 })).map(([text, at, put]) => {
		const index = at % (text.length + 1);
		return text.slice(0, index) + put + text.slice(index + 1);
	}),
);

function texts(line: string): readonly string[] {
	return parseConf(line).lines.flatMap(({ tokens }) => tokens.map(({ text }) => text));
}

describe("a document", () => {
	it("has every character of its text in its lines, whatever the text", () => {
		const whole = (text: string) =>
			parseConf(text)
				.lines.map(({ raw }) => raw)
				.join("");
		fc.assert(
			fc.property(anyText, (text) => whole(text) === text),
			{ numRuns: 10_000 },
		);
	});

	it("is never an error, for any reader, and stays as small as its text", () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const { lines } = parseConf(text);
				const tokens = lines.reduce((sum, line) => sum + line.tokens.length, 0);
				expect(tokens).toBeLessThanOrEqual(text.length);
				expect(lines.length).toBeLessThanOrEqual(text.length);
				// a line has at most: length, control, direction, foreign character, layout 3, value, version, block 2
				expect(lintConf(text).length).toBeLessThanOrEqual(lines.length * 12);
				lintOverrides(text);
				effectiveConf([{ name: "multipath.conf", text }]);
				readEffective(text);
				regexProblem(text);
			}),
			{ numRuns: 10_000 },
		);
	});

	it("counts lines as an editor does, and as multipath does", () => {
		const long = `verbosity 1 # ${"x".repeat(1100)}\n`;
		const { lines } = parseConf(`# one\n${long}verbosity 2`);
		expect(lines.map(({ line, toolsLine, offset }) => [line, toolsLine, offset])).toEqual([
			[1, 1, 0],
			[2, 2, 0],
			[2, 3, 1023],
			[3, 4, 0],
		]);
	});

	it("is cut by bytes and never inside of a character", () => {
		const text = `# ${"é".repeat(600)}`;
		const pieces = parseConf(text).lines.map(({ raw }) => raw);
		expect(pieces.map((raw) => raw.length)).toEqual([2 + 510, 90]);
		expect(parseConf(text, { cut: false }).lines).toHaveLength(1);
	});
});

describe("the tokens of a line", () => {
	it.each([
		["alias a b", ["alias", "a", "b"]],
		['alias "a b"', ["alias", '"', "a b", '"']],
		['alias "a""b"', ["alias", '"', 'a"b', '"']],
		['alias ""', ["alias", '"', '"']],
		['alias """x', ["alias", '"', '"x']],
		['a"b"c', ["a", '"', "b", '"', "c"]],
		["a{b}c", ["a", "{", "b", "}", "c"]],
		["alias a # b", ["alias", "a"]],
		["alias a!b", ["alias", "a"]],
		['alias "a#b!c{"', ["alias", '"', "a#b!c{", '"']],
		["alias\u{a0}é\u{3000}x", ["alias", "x"]],
		["alias\v\fx\r\n", ["alias", "x"]],
		["alias a\rb\n", ["alias", "a"]],
		["\ralias a\n", ["alias", "a"]],
		["alias a\0b", ["alias", "a"]],
		["   # nothing", []],
	])("of %j are %j", (line, expected) => {
		expect(texts(line)).toEqual(expected);
	});
});
