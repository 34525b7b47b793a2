import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Built, version } from "./built.ts";

export function describeLintian(built: () => Built): void {
	describe("lintian", () => {
		test("has nothing against the .deb but what is overridden, and each override is needed", () => {
			const { stdout, stderr } = spawnSync(
				"lintian",
				["--allow-root", "--tag-display-limit=0", "--show-overrides", `pathkeeper_${version}_amd64.deb`],
				{ cwd: built().folder, encoding: "utf8" },
			);
			const tags = stdout.split("\n").filter((line) => /^[A-MO-Z]: /.test(line));
			const overridden = tags.filter((line) => line.startsWith("O: "));
			expect({ others: tags.filter((line) => !overridden.includes(line)), stderr }).toEqual({
				others: [],
				stderr: "",
			});
			const overrides = readFileSync("packaging/debian/lintian-overrides", "utf8");
			const wanted = overrides.split("\n").filter((line) => line.startsWith("pathkeeper: "));
			expect(overridden.map(tagOf).sort()).toEqual(wanted.map(tagOf).sort());
			// lintian repeats the reason before the first of those that it holds for.
			expect(stdout).toMatch(/^N: /);
		});
	});

	test("shellcheck has nothing against the scripts", () => {
		const scripts = ["debian/postinst", "debian/prerm", "debian/postrm", "pathkeeper.sh"];
		const { status, stdout } = spawnSync("shellcheck", scripts, { cwd: "packaging", encoding: "utf8" });
		const ofRpm = ["rpm/post.sh", "rpm/preun.sh", "rpm/postun.sh"];
		// rpm runs them with /bin/sh; the list of units is meant to be words.
		const more = spawnSync("shellcheck", ["--shell=sh", "--exclude=SC2086", ...ofRpm], {
			cwd: "packaging",
			encoding: "utf8",
		});
		expect([status, stdout, more.status, more.stdout]).toEqual([0, "", 0, ""]);
	});
}

/** `no-manual-page` of a line of lintian's, or of an override. */
function tagOf(line: string): string {
	return /pathkeeper: (\S+)/.exec(line)?.[1] ?? line;
}
