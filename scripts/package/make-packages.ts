import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Architecture } from "./architecture.ts";
import { makeArchive } from "./archive.ts";
import { writeChecksums } from "./checksums.ts";
import { debianFiles, makeDeb } from "./deb.ts";
import type { PackageInput } from "./package-input.ts";
import { buildProduct } from "./product.ts";
import { readRelease } from "./release.ts";
import { makeRpm } from "./rpm.ts";
import { runtimeFor } from "./runtime.ts";
import { sbomText } from "./sbom.ts";
import { plain, stagedFiles } from "./staged-files.ts";
import type { StagedFile } from "./write-tree.ts";

const makers = {
	deb: (root: string, input: PackageInput) =>
		makeDeb(root, { ...input, files: [...input.files, ...debianFiles(root, input.release)] }),
	rpm: (root: string, input: PackageInput) =>
		makeRpm(root, { ...input, files: [...input.files, ...licenseFile(root)] }),
	tar: (root: string, input: PackageInput) =>
		makeArchive(root, { ...input, files: [...input.files, ...licenseFile(root)] }),
} as const;

export type PackageKind = keyof typeof makers;

export const packageKinds: readonly PackageKind[] = ["deb", "rpm", "tar"];

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
		const product = await buildProduct(root, join(work, "product"), release.version);
		const names = runtimes.flatMap(([architecture, runtime]) => {
			const files = stagedFiles(root, { product, runtime, release });
			const input = { files, release, architecture, level, work, folder: out };
			const bom = `pathkeeper_${release.version}_${architecture}.cdx.json`;
			writeFileSync(join(out, bom), sbomText(release, runtime, product.parts));
			return [...kinds.map((kind) => makers[kind](root, input)), bom];
		});
		writeChecksums(out, release.version);
		return [...names, "SHA256SUMS"];
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** Debian has its text on every machine, and wants it nowhere else. */
function licenseFile(root: string): readonly StagedFile[] {
	return [plain("usr/share/doc/pathkeeper/LICENSE", { copyOf: join(root, "LICENSE") })];
}
