import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Architecture } from "./architecture.ts";
import { debianFiles, makeDeb } from "./deb.ts";
import { buildProduct } from "./product.ts";
import { readRelease } from "./release.ts";
import { runtimeFor } from "./runtime.ts";
import { stagedFiles } from "./staged-files.ts";

export const packageKinds = ["deb"] as const;

export type PackageKind = (typeof packageKinds)[number];

export interface PackageOptions {
	readonly architectures: readonly Architecture[];
	readonly kinds: readonly PackageKind[];
	/** Another version than CHANGELOG.md's. */
	readonly stamp?: string | undefined;
	/** How much xz compresses, 0 to 9. */
	readonly level: number;
	/** The folder that they are put into. */
	readonly out: string;
}

/** Makes packages of the project at `root`, which is the current folder; gives their names. */
export async function makePackages(
	root: string,
	{ architectures, kinds, stamp, level, out }: PackageOptions,
): Promise<readonly string[]> {
	const release = readRelease(root, { stamp, env: process.env });
	const runtimes = architectures.map(
		(architecture) => [architecture, runtimeFor(root, architecture)] as const,
	);
	mkdirSync(out, { recursive: true });
	const work = mkdtempSync(join(out, ".work-"));
	try {
		const product = await buildProduct(join(work, "product"), release.version);
		const tree = join(work, "tree");
		return runtimes.flatMap(([architecture, runtime]) => {
			const files = stagedFiles(root, { product, runtime, release });
			const common = { release, architecture, level, tree, folder: out };
			return kinds.map(() => makeDeb(root, { ...common, files: [...files, ...debianFiles(root, release)] }));
		});
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}
