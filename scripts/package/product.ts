import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildPage } from "../build-page.ts";
import { bundleProduct } from "../bundle.ts";

/** The program as it runs with Node.js, for every machine the same. */
export interface Product {
	/** Has pathkeeper.mjs, pathkeeper-worker.mjs, the texts that they refer to, and page/. */
	readonly folder: string;
	/** Source files that code in it comes from. */
	readonly modules: readonly string[];
	/** pathkeeper(1). */
	readonly manual: string;
	/** For bash. */
	readonly completion: string;
}

/** Builds it into a folder. The current folder has to be the project's. */
export async function buildProduct(folder: string, version: string): Promise<Product> {
	mkdirSync(folder, { recursive: true });
	const bundled = await bundleProduct(folder, { version });
	const ofPage = await buildPage(join(folder, "page"));
	const program = (command: string) =>
		execFileSync(process.execPath, [join(folder, "pathkeeper.mjs"), command], { encoding: "utf8" });
	return {
		folder,
		modules: [...bundled, ...ofPage],
		manual: program("man"),
		completion: program("completion"),
	};
}
