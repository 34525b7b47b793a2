/** What the document quotes is what the program prints, and every finding has its section. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const document = readFileSync("docs/troubleshooting.md", "utf8");
const sources = sourcesIn(["agent", "cli", "host", "model", "pathkeeper", "server", "store", "volumes"]);
const lines = sources.flatMap(({ text }) => text.split("\n"));

const quotes = document
	.split("\n")
	.filter((line) => line.startsWith("> "))
	.map((line) => line.slice(2));

test("there are quotations", () => {
	expect(quotes.length).toBeGreaterThan(25);
});

test.each(quotes)("is printed by the program: %s", (quote) => {
	expect(lines.some((line) => holds(line, quote))).toBe(true);
});

test("a quotation that nobody prints would be found", () => {
	expect(lines.some((line) => holds(line, "the store has … gone fishing"))).toBe(false);
});

test("every finding has a section, and every section is about one that exists", () => {
	const section = document.slice(document.indexOf("\n## Findings\n"));
	const described = [...section.matchAll(/^### (.+)$/gm)].map(([, code = ""]) => code);
	expect(described.toSorted()).toEqual(findingCodes().toSorted());
});

/** True when a line has all parts of the quotation in their order; `…` stands for anything. */
function holds(line: string, quote: string): boolean {
	let from = 0;
	for (const part of quote.split("…")) {
		const at = line.indexOf(part, from);
		if (at < 0) return false;
		from = at + part.length;
	}
	return true;
}

/** Codes of findings; those of the lint of multipath.conf come with line and column, and explain themselves. */
function findingCodes(): readonly string[] {
	const found = sources
		.filter(({ path }) => !path.includes("/multipath-conf/") && !path.includes("/doctor/"))
		.flatMap(({ text }) => [
			...[...text.matchAll(/\bcode: "([a-z][a-z-]+)"/g)].map(([, code = ""]) => code),
			...[...text.matchAll(/\bfinding\(\s*"[a-z]+",\s*"([a-z-]+)"/g)].map(([, code = ""]) => code),
			...[...text.matchAll(/\bwarning\(\s*"([a-z-]+)"/g)].map(([, code = ""]) => code),
			...[...text.matchAll(/\bcode: [^\n]*\? "([a-z-]+)" : "([a-z-]+)"/g)].flatMap(([, ...codes]) => codes),
		]);
	return [...new Set(found)];
}

function sourcesIn(packages: readonly string[]): readonly { readonly path: string; readonly text: string }[] {
	return packages.flatMap((name) => {
		const folder = join("packages", name, "src");
		return readdirSync(folder, { recursive: true, encoding: "utf8" })
			.filter((file) => file.endsWith(".ts"))
			.map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
	});
}
