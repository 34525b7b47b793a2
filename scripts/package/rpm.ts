import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { architectures } from "./architecture.ts";
import { rpmChangelog } from "./changelog.ts";
import type { PackageInput } from "./package-input.ts";
import { maintainer } from "./release.ts";
import { runTool } from "./run-tool.ts";
import { foldersOf, type StagedFile, writeTree } from "./write-tree.ts";

/** Folders that are ours; all others belong to the system. */
const ours = /^(?:etc\/pathkeeper|usr\/lib\/pathkeeper|usr\/share\/doc\/pathkeeper)(?:\/|$)/;

/** Makes the .rpm from files; gives its name in the folder. */
export function makeRpm(root: string, input: PackageInput): string {
	const { files, release, architecture, level, work, folder } = input;
	const source = (name: string) => readFileSync(join(root, "packaging/rpm", name), "utf8");
	const tree = join(work, "tree");
	const build = join(work, "rpmbuild");
	writeTree(tree, files, release.epoch);
	mkdirSync(build);
	const { rpm } = architectures[architecture];
	const values: Readonly<Record<string, string>> = {
		VERSION: release.version,
		ARCH: rpm,
		// Always two threads, since their number is part of what xz writes.
		PAYLOAD: `w${level}T2.xzdio`,
		TREE: tree,
		FILES: fileList(files),
		CHANGES: rpmChangelog(release.changes, maintainer),
		POST: source("post.sh"),
		PREUN: source("preun.sh"),
		POSTUN: source("postun.sh"),
	};
	const spec = source("pathkeeper.spec").replaceAll(
		/@([A-Z]+)@/g,
		(all, name: string) => values[name] ?? all,
	);
	writeFileSync(join(build, "pathkeeper.spec"), spec);
	runTool(
		["rpmbuild", "-bb", "--target", rpm, "--define", `_topdir ${build}`, join(build, "pathkeeper.spec")],
		// Its own macros and settings of whoever builds are left out.
		{ cwd: build, env: { SOURCE_DATE_EPOCH: String(release.epoch), HOME: build } },
	);
	const name = `pathkeeper-${release.version}-1.${rpm}.rpm`;
	renameSync(join(build, "RPMS", rpm, name), join(folder, name));
	rmSync(tree, { recursive: true });
	rmSync(build, { recursive: true });
	return name;
}

/** Every file and folder of ours with its mode and owner, whatever the build's defaults are. */
function fileList(files: readonly StagedFile[]): string {
	const folders = foldersOf(files).filter((path) => ours.test(path));
	return [
		...folders.map((path) => `%dir %attr(0755, root, root) /${path}`),
		...files.map(({ path, mode, isConfiguration }) => {
			const kind =
				isConfiguration === true ? "%config(noreplace) " : path.includes("/share/doc/") ? "%doc " : "";
			return `${kind}%attr(0${mode.toString(8)}, root, root) /${path}`;
		}),
	].join("\n");
}
