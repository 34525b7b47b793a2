/** Every error of the table is one that some source makes: a code that is only compared with is dead. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const table = "packages/model/src/errors.ts";

/** Codes that a text gives on: as an argument, a result or a choice of both; not those that it compares with. */
function codesMadeIn(text: string): readonly string[] {
	const made = /(?<!\b(?:includes|has))(?:\(|\?|:|=>|\breturn)\s*"([A-Z][A-Z_]+)"/g;
	return [...text.matchAll(made)].map(([, code = ""]) => code);
}

function neverMade(codes: readonly string[], texts: readonly string[]): readonly string[] {
	const made = new Set(texts.flatMap(codesMadeIn));
	return codes.filter((code) => !made.has(code));
}

const codes = [...readFileSync(join(root, table), "utf8").matchAll(/^\t([A-Z][A-Z_]+): \[/gm)].map(
	([, code = ""]) => code,
);
const sources = globSync("packages/*/src/**/*.{ts,tsx}", { cwd: root })
	.filter((file) => file !== table)
	.map((file) => readFileSync(join(root, file), "utf8"));

describe("a code of the table of errors", () => {
	it("is made somewhere", () => {
		expect(codes.length).toBeGreaterThan(90);
		expect(neverMade(codes, sources)).toEqual([]);
	});

	it("is found when nothing makes it", () => {
		expect(neverMade([...codes, "NOBODY_MAKES_IT"], sources)).toEqual(["NOBODY_MAKES_IT"]);
	});

	it.each([
		'if (error.code === "A_CODE") return;',
		'case "A_CODE":',
		'if (["A_CODE", "B_CODE"].includes(error.code)) return;',
		'if (codes.has("A_CODE")) return;',
		'readonly code = new Set(["A_CODE"]);',
	])("is not made by %s", (text) => {
		expect(codesMadeIn(text)).toEqual([]);
	});

	it.each([
		'throw new PathkeeperError("A_CODE", { values });',
		'throw new PathkeeperError(\n\t"A_CODE",\n);',
		'new PathkeeperError(absent ? "A_CODE" : "B_CODE")',
		'const codeOf = () => "A_CODE";',
	])("is made by %s", (text) => {
		expect(codesMadeIn(text)).toContain("A_CODE");
	});
});
