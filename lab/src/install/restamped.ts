/** The same package with a higher version: what an upgrade is where a suite has one version only. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageOf } from "../image/make-image.ts";
import { archiveFolder } from "../image/recipe.ts";
import { LabError } from "../lab-error.ts";
import { runProgram } from "../run-program.ts";
import type { Suite } from "../suites.ts";

/** Puts packages of a suite into `folder`, each with `+lab1` at the end of its version; their paths. */
export async function restamped(
	suite: Suite,
	packages: readonly string[],
	folder: string,
): Promise<readonly string[]> {
	const archive = join((await imageOf(suite, "plain")).root, archiveFolder);
	mkdirSync(folder, { recursive: true });
	const made: string[] = [];
	for (const name of packages) {
		const file = readdirSync(archive).find((one) => one.startsWith(`${name}_`));
		if (file === undefined) throw new LabError(`the archive of ${suite} has no ${name}`);
		const content = mkdtempSync(join(tmpdir(), "pathkeeper-restamped-"));
		try {
			await runProgram(["dpkg-deb", "--raw-extract", join(archive, file), content]);
			const control = join(content, "DEBIAN/control");
			writeFileSync(control, readFileSync(control, "utf8").replace(/^Version: (.*)$/m, "Version: $1+lab1"));
			const path = join(folder, `${name}_lab1.deb`);
			await runProgram(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", content, path]);
			made.push(path);
		} finally {
			rmSync(content, { recursive: true, force: true });
		}
	}
	return made;
}
