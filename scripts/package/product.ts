import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage } from "../build-page.ts";
import { bundleProduct } from "../bundle.ts";
import { type NpmPart, npmParts } from "./npm-parts.ts";

/** The program as it runs with Node.js, for every machine the same. */
export interface Product {
	/** Has pathkeeper.mjs, pathkeeper-worker.mjs, the texts that they refer to, and page/. */
	readonly folder: string;
	/** The npm packages that code in it comes from. */
	readonly parts: readonly NpmPart[];
	/** pathkeeper(1). */
	readonly manual: string;
	/** For bash. */
	readonly completion: string;
}

/** Builds it into a folder. `root` has to be the current folder. */
export async function buildProduct(root: string, folder: string, version: string): Promise<Product> {
	mkdirSync(folder, { recursive: true });
	const bundled = await bundleProduct(folder, { version });
	const ofPage = await buildPage(join(folder, "page"));
	const main = join(folder, "pathkeeper.mjs");
	// It is started with its own Node.js, never by its first line.
	writeFileSync(main, readFileSync(main, "utf8").replace(/^#!.*\n/, ""));
	const program = (command: string) => execFileSync(process.execPath, [main, command], { encoding: "utf8" });
	return {
		folder,
		parts: npmParts(root, [...bundled, ...ofPage]),
		manual: program("man"),
		completion: program("completion"),
	};
}
