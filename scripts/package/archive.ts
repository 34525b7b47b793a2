import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PackageInput } from "./package-input.ts";
import { runTool } from "./run-tool.ts";
import { plain } from "./staged-files.ts";
import { writeTree } from "./write-tree.ts";

/** Makes the archive for systems without a package; gives its name in the folder. */
export function makeArchive(root: string, input: PackageInput): string {
	const { files, release, architecture, level, work, folder } = input;
	const top = `pathkeeper-${release.version}`;
	const install = readFileSync(join(root, "packaging/INSTALL"), "utf8")
		.replaceAll("@VERSION@", release.version)
		.replaceAll("@ARCH@", architecture);
	writeTree(join(work, top), [plain("INSTALL", install), ...files], release.epoch);
	const name = `pathkeeper_${release.version}_${architecture}.tar.xz`;
	runTool(
		[
			"tar",
			"--create",
			`--file=${join(folder, name)}`,
			"--format=gnu",
			"--sort=name",
			"--owner=root:0",
			"--group=root:0",
			`--mtime=@${release.epoch}`,
			// Always two threads, since their number is part of what xz writes.
			`--use-compress-program=xz -T2 -${level}`,
			top,
		],
		{ cwd: work },
	);
	rmSync(join(work, top), { recursive: true });
	return name;
}
