/** The packages that a test installs: as built, and once more as if they were the next version. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "../lab-error.ts";
import { member, parseJson } from "../unknown-json.ts";

const repository = join(import.meta.dirname, "../../..");

/** Where `./dev package` puts them. */
const folder = process.env["PATHKEEPER_PACKAGES"] ?? join(repository, "dist/packages");

/** The version of this tree. */
export const version: string = String(
	member(parseJson(readFileSync(join(repository, "packages/pathkeeper/package.json"), "utf8")), "version"),
);

/** The version that the second package is stamped with: what documents call the newer one. */
export const nextVersion: string = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));

/** Their paths on this machine: this version and the next. Throws LabError when one is missing. */
export function builtPackages(): readonly [string, string] {
	const at = (of: string) => join(folder, `pathkeeper_${of}_amd64.deb`);
	const files: readonly [string, string] = [at(version), at(nextVersion)];
	for (const file of files)
		if (!existsSync(file))
			throw new LabError(
				`${file} is missing: ./dev package --arch amd64 --only deb, and once more with --stamp ${nextVersion}`,
			);
	return files;
}
