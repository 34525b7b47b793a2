import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "pk-purge-"));
	mkdirSync(join(root, "bin"));
	// The real one works only below dpkg.
	writeFileSync(join(root, "bin/deb-systemd-helper"), "#!/bin/sh\n", { mode: 0o755 });
	mkdirSync(join(root, "var/lib"), { recursive: true });
	mkdirSync(join(root, "elsewhere"));
	writeFileSync(join(root, "elsewhere/file"), "not ours\n");
});
afterEach(() => rmSync(root, { recursive: true }));

/** Purges below `root`; throws when that fails. Mounts that `before` makes end with it. */
function purge(before: string): string {
	return execFileSync(
		"unshare",
		[
			...(process.geteuid?.() === 0 ? [] : ["--map-root-user"]),
			"--mount",
			...["sh", "-ec", `${before}\nsh "$0" purge 2>&1`, resolve("packaging/debian/postrm")],
		],
		{
			cwd: root,
			encoding: "utf8",
			env: { ...process.env, DPKG_ROOT: root, PATH: `${root}/bin:${process.env["PATH"]}` },
		},
	);
}

test("a purge goes through, and leaves what is mounted below the folder of state", () => {
	mkdirSync(join(root, "var/lib/pathkeeper/agent/mounted"), { recursive: true });
	writeFileSync(join(root, "var/lib/pathkeeper/agent/owned.json"), "{}\n");
	// Another file system, with a file of somebody else.
	const said = purge(
		"mount -t tmpfs none var/lib/pathkeeper/agent/mounted; trap 'test -e var/lib/pathkeeper/agent/mounted/file || exit 9' EXIT; touch var/lib/pathkeeper/agent/mounted/file",
	);
	expect(said).toContain("not all of /var/lib/pathkeeper could be removed");
	expect(existsSync(join(root, "var/lib/pathkeeper/agent/owned.json"))).toBe(false);
});

test("a purge goes through where the folder of state is a file system of its own", () => {
	mkdirSync(join(root, "var/lib/pathkeeper"));
	const said = purge(
		"mount -t tmpfs none var/lib/pathkeeper; mkdir var/lib/pathkeeper/agent; trap 'test ! -e var/lib/pathkeeper/agent || exit 9' EXIT",
	);
	expect(said).toContain("not all of /var/lib/pathkeeper could be removed");
});

test("a purge takes a link in place of the folder of state, and nothing that it leads to", () => {
	symlinkSync(join(root, "elsewhere"), join(root, "var/lib/pathkeeper"));
	expect(purge("")).toBe("");
	expect(existsSync(join(root, "var/lib/pathkeeper"))).toBe(false);
	expect(existsSync(join(root, "elsewhere/file"))).toBe(true);
});
