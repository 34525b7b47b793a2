/** Documents as HTML: links between documents become links between pages, and headings get the anchors of GitHub. */
import { Marked, type Tokens } from "marked";

export interface RenderedDocument {
	/** Its first heading, as text. */
	readonly title: string;
	readonly html: string;
	/** Headings of the second and third level, in order. */
	readonly headings: readonly Heading[];
	/** Targets of its links and images, as they stand there. */
	readonly links: readonly string[];
}

export interface Heading {
	readonly level: number;
	readonly anchor: string;
	/** Text without marks. */
	readonly text: string;
}

/** `linkTo` gives the address of a link on the site, from the one in the document. */
export function renderDocument(
	markdown: string,
	linkTo: (href: string) => string = (href) => href,
): RenderedDocument {
	const headings: Heading[] = [];
	const links: string[] = [];
	const anchors = new Map<string, number>();
	const marked = new Marked({
		renderer: {
			heading({ tokens, depth }: Tokens.Heading): string {
				const inner = this.parser.parseInline(tokens);
				const text = plain(inner);
				const anchor = unused(anchorOf(text), anchors);
				headings.push({ level: depth, anchor, text });
				return `<h${depth} id="${anchor}"><a class="anchor" href="#${anchor}">${inner}</a></h${depth}>\n`;
			},
			link({ href, tokens }: Tokens.Link): string {
				links.push(href);
				return `<a href="${escaped(linkTo(href))}">${this.parser.parseInline(tokens)}</a>`;
			},
			image({ href, text }: Tokens.Image): string {
				links.push(href);
				return `<img src="${escaped(linkTo(href))}" alt="${escaped(text)}" loading="lazy">`;
			},
			table(token: Tokens.Table): string {
				const row = (cells: readonly Tokens.TableCell[], name: "th" | "td") =>
					`<tr>${cells.map((cell) => `<${name}>${this.parser.parseInline(cell.tokens)}</${name}>`).join("")}</tr>`;
				const body = token.rows.map((cells) => row(cells, "td")).join("\n");
				// It is scrolled by the keyboard as well.
				return `<div class="wide" tabindex="0"><table><thead>${row(token.header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
			},
			code({ text, lang }: Tokens.Code): string {
				const [language = ""] = (lang ?? "").split(" ");
				const kind = language === "sh" ? "commands" : "output";
				return `<pre class="${kind}" tabindex="0"><code>${escaped(text)}</code></pre>\n`;
			},
			// A line break in a cell of a table; everything else is text.
			html: ({ text }: Tokens.HTML | Tokens.Tag): string => (text === "<br>" ? text : escaped(text)),
		},
	});
	const html = marked.parse(markdown, { async: false });
	const title = headings.find(({ level }) => level === 1)?.text ?? "";
	return { title, html, headings: headings.filter(({ level }) => level === 2 || level === 3), links };
}

/** As GitHub makes it: small letters, no punctuation, `-` for blanks. */
export function anchorOf(text: string): string {
	return text
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, "")
		.replace(/\s/g, "-");
}

function unused(anchor: string, anchors: Map<string, number>): string {
	const before = anchors.get(anchor);
	anchors.set(anchor, (before ?? 0) + 1);
	return before === undefined ? anchor : `${anchor}-${before}`;
}

function plain(html: string): string {
	return html
		.replace(/<[^>]*>/g, "")
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&amp;", "&");
}

/** For HTML, as text or in quotes. */
export function escaped(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");
}
