/** The documents of the project, as paths from its root. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every Markdown file in docs/ and below, in the order of their names. */
export function documentsIn(folder = "docs"): readonly string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".md"))
		.map((name) => join(folder, name))
		.sort();
}

/** What users read: README.md, and the documents in docs/. */
export function userDocuments(): readonly string[] {
	return ["README.md", ...documentsIn()];
}
