import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { pageFolder } from "../../../scripts/build-page.ts";

/** Notes which scripts the page asks for from now on; what it gives tells how much that is, gzipped. */
export function scriptBytes(page: Page): () => {
	readonly kb: number;
	readonly files: number;
	readonly of: number;
} {
	const scripts: string[] = [];
	page.on("response", (response) => {
		const name = /\/(assets\/[^/]+\.js)$/.exec(response.url())?.[1];
		if (name !== undefined) scripts.push(name);
	});
	return () => {
		const sizes = scripts.map((name) => gzipSync(readFileSync(join(pageFolder, name)), { level: 9 }).length);
		const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
		return { kb, files: scripts.length, of: readdirSync(join(pageFolder, "assets")).length };
	};
}
