import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { documentCommands } from "../../docs/commands.ts";
import { userDocuments } from "../../docs/documents.ts";
import { readingOrder } from "../../docs/reading-order.ts";
import { anchorOf, renderDocument } from "../../docs/site/markdown.ts";

const documents = userDocuments();
const linked = [...documents, "CONTRIBUTING.md", "ARCHITECTURE.md"];

test("every document stands in the reading order of the site, once", () => {
	const ordered = readingOrder.flatMap((part) => part.documents);
	expect([...ordered, "README.md"].toSorted()).toEqual(linked.toSorted());
});

test.each(documents)("every block of commands in %s says who runs it", (path) => {
	expect(() => documentCommands(path)).not.toThrow();
});

test.each(linked)("every link of %s leads somewhere", (path) => {
	const { links } = renderDocument(readFileSync(path, "utf8"));
	expect(links.map((link) => brokenLink(path, link)).filter((problem) => problem !== null)).toEqual([]);
});

test.each([
	["jobs.md#no-such-section", "no section #no-such-section in docs/jobs.md"],
	["jbos.md", "there is no docs/jbos.md"],
	["no-such.png", "there is no docs/no-such.png"],
])("a link to %s would be found", (link, problem) => {
	expect(brokenLink("docs/trial.md", link)).toBe(problem);
});

test("anchors are those of GitHub", () => {
	expect(anchorOf("2. Make the certificates, on n1")).toBe("2-make-the-certificates-on-n1");
	expect(anchorOf("there is no multipath map for it")).toBe("there-is-no-multipath-map-for-it");
	const { headings } = renderDocument("# A\n## Twice\n## Twice\n## `code` & *more*\n");
	expect(headings.map(({ anchor }) => anchor)).toEqual(["twice", "twice-1", "code--more"]);
});

/** Null for one that leads somewhere, or out of the project. */
function brokenLink(from: string, link: string): string | null {
	if (/^https?:/.test(link)) return null;
	const [file = "", anchor] = link.split("#");
	const target = file === "" ? from : posix.join(posix.dirname(from), file);
	if (!existsSync(target)) return `there is no ${target}`;
	if (anchor === undefined) return null;
	const text = readFileSync(target, "utf8");
	const found = renderDocument(text).headings.some((heading) => heading.anchor === anchor);
	return found ? null : `no section #${anchor} in ${target}`;
}
