import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { debianChangelog } from "./changelog.ts";
import type { PackageInput } from "./package-input.ts";
import { maintainer, type Release } from "./release.ts";
import { runTool } from "./run-tool.ts";
import { packed, plain } from "./staged-files.ts";
import { foldersOf, type StagedFile, writeTree } from "./write-tree.ts";

const scripts = ["postinst", "prerm", "postrm"] as const;

/** What Debian wants to have beside the files that every kind of package has. */
export function debianFiles(root: string, release: Release): readonly StagedFile[] {
	const source = (name: string) => readFileSync(join(root, "packaging/debian", name), "utf8");
	return [
		plain("usr/share/doc/pathkeeper/changelog.gz", packed(debianChangelog(release.changes, maintainer))),
		plain("usr/share/lintian/overrides/pathkeeper", source("lintian-overrides")),
	];
}

/** Makes the .deb from files; gives its name in the folder. */
export function makeDeb(root: string, input: PackageInput): string {
	const { files, release, architecture, level, work, folder } = input;
	const tree = join(work, "tree");
	const source = (name: string) => readFileSync(join(root, "packaging/debian", name), "utf8");
	writeTree(tree, files, release.epoch);
	const control = source("control")
		.replace("@VERSION@", release.version)
		.replace("@ARCH@", architecture)
		.replace("@MAINTAINER@", maintainer)
		.replace("@SIZE@", String(installedSize(tree, files)));
	const configuration = files.filter(({ isConfiguration }) => isConfiguration === true);
	const fixed = files.filter(({ isConfiguration }) => isConfiguration !== true);
	const sums = fixed.map(({ path }) => `${md5(join(tree, path))}  ${path}\n`);
	writeTree(
		join(tree, "DEBIAN"),
		[
			plain("control", control),
			plain("md5sums", sums.join("")),
			plain("conffiles", configuration.map(({ path }) => `/${path}\n`).join("")),
			...scripts.map((name): StagedFile => {
				return { path: name, mode: 0o755, content: source(name).replaceAll("@VERSION@", release.version) };
			}),
		],
		release.epoch,
	);
	const name = `pathkeeper_${release.version}_${architecture}.deb`;
	runTool(
		["dpkg-deb", "--root-owner-group", "--uniform-compression", "-Zxz", `-z${level}`, "--build", tree, name],
		{ cwd: folder, env: { SOURCE_DATE_EPOCH: String(release.epoch) } },
	);
	rmSync(tree, { recursive: true });
	return name;
}

/** In kibibytes, as deb-substvars(5) says it is worked out: each file rounded up, one for everything else. */
function installedSize(tree: string, files: readonly StagedFile[]): number {
	const sizes = files.map(({ path }) => Math.ceil(readFileSync(join(tree, path)).length / 1024));
	return sizes.reduce((sum, size) => sum + size, foldersOf(files).length);
}

function md5(file: string): string {
	return createHash("md5").update(readFileSync(file)).digest("hex");
}
