import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSite } from "../../docs/site/build-site.ts";
import { renderDocument } from "../../docs/site/markdown.ts";

let out: string;
let files: readonly string[];
let pages: readonly string[];
beforeAll(() => {
	out = mkdtempSync(join(tmpdir(), "pk-docs-"));
	files = buildSite({ root: ".", out, version: "1.2.3" });
	pages = files.filter((file) => file.endsWith(".html"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("has a page for each document, and what they show", () => {
	expect(pages).toContain("index.html");
	expect(pages).toContain("reference/settings.html");
	expect(files).toContain("health.png");
	expect(pages.length).toBeGreaterThan(15);
});

test("every link of every page leads to a file of the site and a section that is there", () => {
	const broken = pages.flatMap((page) =>
		addressesIn(page).filter((address) => {
			const [file = "", anchor] = address.split("#");
			const target = file === "" ? page : posix.join(posix.dirname(page), file);
			if (!existsSync(join(out, target))) return true;
			return anchor !== undefined && !read(target).includes(` id="${anchor}"`);
		}),
	);
	expect(broken).toEqual([]);
});

test("no page loads anything from elsewhere, or runs a script", () => {
	for (const page of pages) {
		expect(read(page)).not.toMatch(/<script|<iframe|<object|src="(?:https?:)?\/\//);
		expect(read(page)).toContain("default-src 'none'");
	}
	expect(read("style.css")).not.toMatch(/@import|url\(/);
});

test("the page of a document is marked in the contents, which are the same everywhere", () => {
	const page = read("concepts.html");
	expect(page).toContain('<a href="concepts.html" aria-current="page">Concepts</a>');
	expect(page.match(/aria-current/g)).toHaveLength(1);
	expect(read("reference/routes.html")).toContain('<a href="../concepts.html">Concepts</a>');
});

test("what stands in a document is text, and never markup of the page", () => {
	const { html } = renderDocument('# A <b>\n\n<script>alert(1)</script>\n\n[x](y"z) `<i>`\n');
	expect(html).not.toMatch(/<script|<b>|<i>/);
	expect(html).not.toContain('y"z');
});

/** Addresses of links, images and style sheets within the site. */
function addressesIn(page: string): readonly string[] {
	return [...read(page).matchAll(/(?:href|src)="([^"]*)"/g)]
		.map(([, address = ""]) => address)
		.filter((address) => !/^https?:/.test(address));
}

function read(file: string): string {
	return readFileSync(join(out, file), "utf8");
}
