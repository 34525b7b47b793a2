import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Built, bothVersions, nextVersion, version } from "./built.ts";
import { ChangedRoot } from "./changed-root.ts";
import { filesOfDeb } from "./describe-contents.ts";

const units = "pathkeeper.service pathkeeper-agent.service pathkeeper-server.service";

export function describeRpm(built: () => Built): void {
	describe("the .rpm", () => {
		const file = () => join(built().folder, `pathkeeper-${version}-1.x86_64.rpm`);
		const query = (...args: readonly string[]) =>
			execFileSync("rpm", ["--query", "--package", ...args, file()], { encoding: "utf8" });

		test("has the files of the .deb, with their modes, of root, and folders of its own only", () => {
			const lines = query(
				"--queryformat",
				"[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\\n]",
			).trim();
			const seen = lines.split("\n").map((line) => line.replace(/(page\/assets\/).+/, "$1*"));
			const common = filesOfDeb.filter((name) => !/changelog|lintian/.test(name));
			const expected = [...common, "usr/share/doc/pathkeeper/LICENSE"].map((name) => {
				const isProgram = ["usr/bin/pathkeeper", "usr/lib/pathkeeper/runtime/node"].includes(name);
				return `${isProgram ? "-rwxr-xr-x" : "-rw-r--r--"} root:root /${name}`;
			});
			expect([...new Set(seen)].filter((line) => line.startsWith("-")).sort()).toEqual(expected.sort());
			expect(seen.filter((line) => line.startsWith("d")).map((line) => line.split(" ")[2])).toEqual([
				"/etc/pathkeeper",
				"/usr/lib/pathkeeper",
				"/usr/lib/pathkeeper/page",
				"/usr/lib/pathkeeper/page/assets",
				"/usr/lib/pathkeeper/runtime",
				"/usr/share/doc/pathkeeper",
				"/usr/share/doc/pathkeeper/examples",
			]);
		});

		test("has one file that administrators change, and needs what the runtime needs", () => {
			expect(query("--configfiles")).toBe("/etc/pathkeeper/pathkeeper.conf\n");
			expect(
				query("--requires")
					.split("\n")
					.filter((line) => !line.startsWith("rpmlib(")),
			).toEqual(expect.arrayContaining(["libc.so.6(GLIBC_2.28)(64bit)", "openssl", "systemd"]));
			expect(query("--queryformat", "%{NAME} %{VERSION} %{ARCH} %{LICENSE}")).toMatch(
				new RegExp(`^pathkeeper ${version} x86_64 Apache-2.0 `),
			);
		});

		test("is sound by its own sums", () => {
			expect(
				execFileSync("rpmkeys", ["--checksig", "--nosignature", file()], { encoding: "utf8" }),
			).toContain("digests OK");
		});

		describe("on a machine", () => {
			let root: ChangedRoot;
			const rpm = (...args: readonly string[]) => root.done(`rpm --nodeps ${args.join(" ")}`);
			const of = (which: string) => `/run/packages/pathkeeper-${which}-1.x86_64.rpm`;
			beforeAll(async () => {
				root = await ChangedRoot.open(bothVersions(built()));
				root.done("touch /etc/multipath/conf.d/pathkeeper.conf");
			});
			afterAll(async () => await root[Symbol.asyncDispose]());

			test("is installed without starting anything", () => {
				expect(rpm("--install", of(version))).toContain("systemctl enable --now pathkeeper\n");
				expect(root.calls()).toEqual(["systemctl daemon-reload"]);
				expect(root.done("stat --format='%A %U:%G' /var/lib/pathkeeper/server /etc/pathkeeper/pki")).toBe(
					"drwx------ pathkeeper:pathkeeper\ndrwxr-x--- root:pathkeeper\n",
				);
				expect(root.done("pathkeeper --version")).toBe(`pathkeeper ${version}\n`);
			});

			test("is upgraded, which restarts what runs and keeps what was written", () => {
				root.done(
					"echo PATHKEEPER_NODE=n9 >>/etc/pathkeeper/pathkeeper.conf; echo mine >/var/lib/pathkeeper/agent/owned.json",
				);
				rpm("--upgrade", of(nextVersion));
				expect(root.calls()).toEqual([
					"systemctl daemon-reload",
					`systemctl try-restart ${units}`,
					"systemctl daemon-reload",
				]);
				expect(root.done("tail -n 1 /etc/pathkeeper/pathkeeper.conf")).toBe("PATHKEEPER_NODE=n9\n");
				expect(root.done("pathkeeper --version")).toBe(`pathkeeper ${nextVersion}\n`);
			});

			test("is erased: its services are stopped, and what multipathd reads stays and is named", () => {
				const said = rpm("--erase", "pathkeeper");
				expect(root.calls()).toEqual([
					`systemctl --no-reload disable --now ${units}`,
					"systemctl daemon-reload",
				]);
				expect(said).toContain("multipathd still reads:\n  /etc/multipath/conf.d/pathkeeper.conf\n");
				expect(root.done("cat /var/lib/pathkeeper/agent/owned.json; ls /etc/multipath/conf.d")).toBe(
					"mine\npathkeeper.conf\n",
				);
				expect(root.run("test -e /usr/lib/pathkeeper").status).toBe(1);
			});
		});
	});
}
