/** A page of the site around the text of a document. It needs nothing but itself and its style sheet. */
import { readingOrder } from "../reading-order.ts";
import { escaped, type RenderedDocument } from "./markdown.ts";

export interface PageFrame {
	/** The document that it shows. */
	readonly path: string;
	/** Titles of all documents by their path. */
	readonly titles: ReadonlyMap<string, string>;
	/** Address of a document or file of the site, as it is reached from this page. */
	readonly addressOf: (path: string) => string;
	readonly version: string;
}

export function pageHtml(document: RenderedDocument, frame: PageFrame): string {
	const { title, html } = document;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
<title>${escaped(title)} · Pathkeeper</title>
<link rel="stylesheet" href="${frame.addressOf("style.css")}">
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header><a class="home" href="${frame.addressOf("README.md")}">Pathkeeper</a><span class="version">${escaped(frame.version)}</span><a class="to-contents" href="#contents">Contents</a></header>
<div class="columns">
<main id="text">
${html}
${neighbours(frame)}
</main>
<nav class="contents" id="contents" aria-label="Documents">
${navigation(frame)}
</nav>
${onThisPage(document)}
</div>
</body>
</html>
`;
}

function navigation({ path, titles, addressOf }: PageFrame): string {
	return readingOrder
		.map(({ title, documents }) => {
			const items = documents.map((each) => {
				const here = each === path ? ' aria-current="page"' : "";
				return `<li><a href="${addressOf(each)}"${here}>${escaped(titles.get(each) ?? each)}</a></li>`;
			});
			return `<h2>${escaped(title)}</h2>\n<ul>\n${items.join("\n")}\n</ul>`;
		})
		.join("\n");
}

function neighbours({ path, titles, addressOf }: PageFrame): string {
	const all = ["README.md", ...readingOrder.flatMap(({ documents }) => documents)];
	const at = all.indexOf(path);
	const link = (other: string | undefined, word: string) =>
		other === undefined
			? "<span></span>"
			: `<a href="${addressOf(other)}"><small>${word}</small>${escaped(titles.get(other) ?? other)}</a>`;
	return `<nav class="neighbours" aria-label="Before and after">${link(all[at - 1], "Before")}${link(all[at + 1], "Next")}</nav>`;
}

function onThisPage({ headings }: RenderedDocument): string {
	const sections = headings.filter(({ level }) => level === 2);
	if (sections.length < 2) return "";
	const items = sections.map(({ anchor, text }) => `<li><a href="#${anchor}">${escaped(text)}</a></li>`);
	return `<nav class="here" aria-label="On this page"><h2>On this page</h2><ul>\n${items.join("\n")}\n</ul></nav>`;
}
