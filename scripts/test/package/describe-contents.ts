import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Built, nextVersion, version } from "./built.ts";

/** Mode, owner and name of everything, in order; of the page's files, which are many, one line. */
const contents = `
drwxr-xr-x root/root ./
drwxr-xr-x root/root ./etc/
drwxr-xr-x root/root ./etc/pathkeeper/
-rw-r--r-- root/root ./etc/pathkeeper/pathkeeper.conf
drwxr-xr-x root/root ./usr/
drwxr-xr-x root/root ./usr/bin/
-rwxr-xr-x root/root ./usr/bin/pathkeeper
drwxr-xr-x root/root ./usr/lib/
drwxr-xr-x root/root ./usr/lib/pathkeeper/
drwxr-xr-x root/root ./usr/lib/pathkeeper/page/
drwxr-xr-x root/root ./usr/lib/pathkeeper/page/assets/
-rw-r--r-- root/root ./usr/lib/pathkeeper/page/assets/*
-rw-r--r-- root/root ./usr/lib/pathkeeper/page/index.html
-rw-r--r-- root/root ./usr/lib/pathkeeper/page/mark.svg
-rw-r--r-- root/root ./usr/lib/pathkeeper/pathkeeper-worker.mjs
-rw-r--r-- root/root ./usr/lib/pathkeeper/pathkeeper.mjs
-rw-r--r-- root/root ./usr/lib/pathkeeper/pathkeeper.mjs.LEGAL.txt
drwxr-xr-x root/root ./usr/lib/pathkeeper/runtime/
-rw-r--r-- root/root ./usr/lib/pathkeeper/runtime/LICENSE
-rwxr-xr-x root/root ./usr/lib/pathkeeper/runtime/node
drwxr-xr-x root/root ./usr/lib/systemd/
drwxr-xr-x root/root ./usr/lib/systemd/system/
-rw-r--r-- root/root ./usr/lib/systemd/system/pathkeeper-agent.service
-rw-r--r-- root/root ./usr/lib/systemd/system/pathkeeper-server.service
-rw-r--r-- root/root ./usr/lib/systemd/system/pathkeeper.service
drwxr-xr-x root/root ./usr/lib/sysusers.d/
-rw-r--r-- root/root ./usr/lib/sysusers.d/pathkeeper.conf
drwxr-xr-x root/root ./usr/lib/tmpfiles.d/
-rw-r--r-- root/root ./usr/lib/tmpfiles.d/pathkeeper.conf
drwxr-xr-x root/root ./usr/share/
drwxr-xr-x root/root ./usr/share/bash-completion/
drwxr-xr-x root/root ./usr/share/bash-completion/completions/
-rw-r--r-- root/root ./usr/share/bash-completion/completions/pathkeeper
drwxr-xr-x root/root ./usr/share/doc/
drwxr-xr-x root/root ./usr/share/doc/pathkeeper/
-rw-r--r-- root/root ./usr/share/doc/pathkeeper/changelog.gz
-rw-r--r-- root/root ./usr/share/doc/pathkeeper/copyright
drwxr-xr-x root/root ./usr/share/doc/pathkeeper/examples/
-rw-r--r-- root/root ./usr/share/doc/pathkeeper/examples/needrestart.conf
-rw-r--r-- root/root ./usr/share/doc/pathkeeper/sbom.cdx.json
drwxr-xr-x root/root ./usr/share/lintian/
drwxr-xr-x root/root ./usr/share/lintian/overrides/
-rw-r--r-- root/root ./usr/share/lintian/overrides/pathkeeper
drwxr-xr-x root/root ./usr/share/man/
drwxr-xr-x root/root ./usr/share/man/man1/
-rw-r--r-- root/root ./usr/share/man/man1/pathkeeper.1.gz
drwxr-xr-x root/root ./usr/share/man/man5/
-rw-r--r-- root/root ./usr/share/man/man5/pathkeeper.conf.5.gz
`;

/** Folders of the system stand in the .deb as well, since dpkg knows who needs them. */
export const filesOfDeb = contents
	.trim()
	.split("\n")
	.filter((line) => line.startsWith("-"))
	.map((line) => line.split(" ./")[1] ?? "");

function deb(folder: string, machine: string): string {
	return join(folder, `pathkeeper_${version}_${machine}.deb`);
}

function output(...argv: readonly [string, ...string[]]): string {
	const [program, ...args] = argv;
	return execFileSync(program, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

export function describeContents(built: () => Built): void {
	describe("made twice, also on one processor, under another umask, language and time zone", () => {
		test("are the same, byte for byte", () => {
			const { folder, again } = built();
			const names = readdirSync(again).sort();
			expect(names).toEqual([
				"SHA256SUMS",
				`pathkeeper-${version}-1.x86_64.rpm`,
				`pathkeeper_${version}_amd64.cdx.json`,
				`pathkeeper_${version}_amd64.deb`,
				`pathkeeper_${version}_amd64.tar.xz`,
			]);
			for (const name of names.filter((each) => each !== "SHA256SUMS"))
				expect(readFileSync(join(folder, name)).equals(readFileSync(join(again, name))), name).toBe(true);
		});
	});

	describe("a .deb", () => {
		test.each(["amd64", "arm64"])(
			"for %s has these files, with these modes, of root, as old as the release",
			(machine) => {
				const lines = output("dpkg-deb", "--contents", deb(built().folder, machine)).trim().split("\n");
				const seen = lines.map((line) => line.replace(/^(\S+) (\S+) .* (\.\/.*)$/, "$1 $2 $3"));
				const assets = seen.map((line) => line.replace(/(page\/assets\/).+/, "$1*"));
				expect([...new Set(assets)]).toEqual(contents.trim().split("\n"));
				expect(new Set(lines.map((line) => / (\d{4}-\d\d-\d\d \d\d:\d\d) /.exec(line)?.[1])).size).toBe(1);
			},
		);

		test("for another machine differs in the runtime, and what is known of it", () => {
			const sums = (machine: string) =>
				output("dpkg-deb", "--info", deb(built().folder, machine), "md5sums").split("\n");
			const [one, other] = [sums("amd64"), sums("arm64")];
			const different = one.filter((line) => !other.includes(line)).map((line) => line.split("  ")[1]);
			expect(different).toEqual([
				"usr/lib/pathkeeper/runtime/node",
				"usr/share/doc/pathkeeper/sbom.cdx.json",
			]);
		});

		test("has its sums, and one file that administrators change", () => {
			const file = deb(built().folder, "amd64");
			expect(output("dpkg-deb", "--info", file, "conffiles")).toBe("/etc/pathkeeper/pathkeeper.conf\n");
			const { status, stderr } = spawnSync("md5sum", ["--quiet", "--check"], {
				cwd: built().tree,
				input: output("dpkg-deb", "--info", file, "md5sums"),
				encoding: "utf8",
			});
			expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		});

		test("has the version of this tree, or the one that it is stamped with, and so has the program", () => {
			const { folder, next, tree } = built();
			expect(output("dpkg-deb", "--field", deb(folder, "amd64"), "Version", "Architecture", "Package")).toBe(
				`Version: ${version}\nArchitecture: amd64\nPackage: pathkeeper\n`,
			);
			expect(output(join(tree, "usr/bin/pathkeeper"), "--version")).toBe(`pathkeeper ${version}\n`);
			const stamped = join(next, `pathkeeper_${nextVersion}_amd64.deb`);
			expect(output("dpkg-deb", "--field", stamped, "Version")).toBe(`${nextVersion}\n`);
		});
	});

	describe("the archive", () => {
		test("has the same files, and says where they go", () => {
			const { folder } = built();
			const lines = output("tar", "--list", "--file", join(folder, `pathkeeper_${version}_amd64.tar.xz`))
				.trim()
				.split("\n");
			const files = lines
				.filter((line) => !line.endsWith("/"))
				.map((line) => line.replace(`pathkeeper-${version}/`, ""));
			const common = filesOfDeb.filter((file) => !/changelog|lintian/.test(file));
			const expected = ["INSTALL", ...common, "usr/share/doc/pathkeeper/LICENSE"];
			const seen = files.map((file) => file.replace(/(page\/assets\/).+/, "$1*"));
			expect([...new Set(seen)].sort()).toEqual(expected.sort());
		});
	});

	test("are what SHA256SUMS says", () => {
		const { status, stdout } = spawnSync("sha256sum", ["--check", "SHA256SUMS"], {
			cwd: built().folder,
			encoding: "utf8",
		});
		expect(status).toBe(0);
		const checked = stdout
			.trim()
			.split("\n")
			.map((line) => line.split(":")[0]);
		expect(checked).toEqual(
			readdirSync(built().folder)
				.filter((name) => name !== "SHA256SUMS")
				.sort(),
		);
	});
}
