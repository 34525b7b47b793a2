import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the built web page lies: beside the release bundle, or in its package when this runs from the sources. */
export function pageFolder(): string {
	const beside = join(import.meta.dirname, "page");
	return existsSync(beside) ? beside : join(import.meta.dirname, "../../../web/dist/page");
}
