/** `./dev docs [--reference]`: the reference anew from the code, then the documents as a static site in dist/docs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { version } from "../packages/pathkeeper/src/version.ts";
import { referencePages } from "./docs/reference/pages.ts";
import { buildSite } from "./docs/site/build-site.ts";

const out = "dist/docs";
for (const { path, text } of referencePages) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text());
}
if (!process.argv.includes("--reference")) {
	const files = buildSite({ root: ".", out, version });
	console.error(`${files.length} files in ${out}; begin with ${out}/index.html`);
}
