/** Every code of the table of errors is thrown by the sources. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const tableFile = join("packages", "model", "src", "error-table.ts");

const codes = [...readFileSync(tableFile, "utf8").matchAll(/^\t([A-Z][A-Z_]+): \[/gm)].map(
	([, code = ""]) => code,
);
const made = new Set(sources().flatMap(codesMadeIn));

test("the table was read", () => {
	expect(codes.length).toBeGreaterThan(90);
});

test.each(codes)("%s is thrown somewhere", (code) => {
	expect(made).toContain(code);
});

test("a code that is only compared, or named in a comment, does not count", () => {
	const text = 'if (error.code === "ONE") throw error; // new PathkeeperError("TWO")';
	expect(codesMadeIn(text)).toEqual([]);
});

test("a code that a variable or a function chooses counts", () => {
	const text =
		'const code = bad ? "ONE" : "TWO";\nnew PathkeeperError(code, {});\nnew PathkeeperError(codeOf(1), {});';
	const chooser = '\nfunction codeOf(n: number): "THREE" | "FOUR" {';
	expect(codesMadeIn(text + chooser)).toEqual(["ONE", "TWO", "THREE", "FOUR"]);
});

/** The codes in the first argument of each error that is made, or where that argument gets its value. */
function codesMadeIn(source: string): readonly string[] {
	const text = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");
	return [...text.matchAll(/new PathkeeperError\(\s*(?:new ReceivedError\(\s*)?([^,)(]+)/g)].flatMap(
		([, argument = ""]) => {
			const name = /^[a-z]\w*$/i.exec(argument.trim())?.[0];
			return codesIn(name === undefined ? argument : originOf(name, text));
		},
	);
}

function originOf(name: string, text: string): string {
	return new RegExp(`(const ${name}\\b[^;]*;|function ${name}\\([^{]*\\{)`).exec(text)?.[0] ?? "";
}

function codesIn(text: string): readonly string[] {
	return [...text.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, code = ""]) => code);
}

function sources(): readonly string[] {
	return readdirSync("packages").flatMap((name) => {
		const folder = join("packages", name, "src");
		return readdirSync(folder, { recursive: true, encoding: "utf8" })
			.filter((file) => /\.tsx?$/.test(file))
			.map((file) => readFileSync(join(folder, file), "utf8"));
	});
}
