/** The documents as a static site that needs no server and asks nobody for anything. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { readingOrder } from "../reading-order.ts";
import { renderDocument } from "./markdown.ts";
import { pageHtml } from "./page.ts";

export interface SiteOptions {
	/** Root of the project. */
	readonly root: string;
	/** Folder that is made anew. */
	readonly out: string;
	readonly version: string;
}

/** Gives the files of the site, below its folder. Throws an Error for a link that leads nowhere. */
export function buildSite({ root, out, version }: SiteOptions): readonly string[] {
	rmSync(out, { recursive: true, force: true });
	const documents = ["README.md", ...readingOrder.flatMap(({ documents }) => documents)];
	const texts = new Map(documents.map((path) => [path, readFileSync(join(root, path), "utf8")]));
	const titles = new Map([...texts].map(([path, text]) => [path, renderDocument(text).title]));
	const files = new Set<string>();
	const write = (path: string, content: string) => {
		mkdirSync(dirname(join(out, path)), { recursive: true });
		writeFileSync(join(out, path), content);
		files.add(path);
	};
	for (const [path, text] of texts) {
		const addressOf = (target: string) => posix.relative(posix.dirname(placeOf(path)), placeOf(target));
		const linkTo = (href: string) => {
			if (/^(?:[a-z]+:|#)/.test(href)) return href;
			const [file = "", anchor] = href.split("#");
			const target = posix.normalize(posix.join(posix.dirname(path), file));
			const suffix = anchor === undefined ? "" : `#${anchor}`;
			if (documents.includes(target)) return `${addressOf(target)}${suffix}`;
			mkdirSync(dirname(join(out, placeOf(target))), { recursive: true });
			copyFileSync(join(root, target), join(out, placeOf(target)));
			files.add(placeOf(target));
			return `${addressOf(target)}${suffix}`;
		};
		write(placeOf(path), pageHtml(renderDocument(text, linkTo), { path, titles, addressOf, version }));
	}
	write("style.css", readFileSync(join(import.meta.dirname, "style.css"), "utf8"));
	return [...files].sort();
}

/** Where a document or a file of the project is on the site. */
function placeOf(path: string): string {
	if (path === "README.md") return "index.html";
	const isDocument = readingOrder.some(({ documents }) => documents.includes(path));
	const onSite = path.replace(/^docs\//, "");
	return isDocument ? onSite.replace(/\.md$/, ".html") : onSite;
}
