import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Packages of this tree, made as `./dev package` makes them, but for how much they are compressed. */
export interface Built {
	/** Of this version, for amd64 and, as .deb alone, for arm64. */
	readonly folder: string;
	/** For amd64 once more, from the same tree on one processor, under another umask, language and time zone. */
	readonly again: string;
	/** The .deb and .rpm for amd64 of the version after this one. */
	readonly next: string;
	/** What is in the .deb for amd64. */
	readonly tree: string;
	readonly remove: () => void;
}

export const version = "0.1.0";
export const nextVersion = "0.1.1";

export function build(): Built {
	const base = mkdtempSync(join(tmpdir(), "pk-packages-"));
	const [folder, again, next, tree] = ["first", "again", "next", "tree"].map((name) => join(base, name));
	if (folder === undefined || again === undefined || next === undefined || tree === undefined)
		throw new Error("four names give four folders");
	make([], ["--arch=amd64", `--out=${folder}`]);
	make([], ["--arch=arm64", "--only=deb", `--out=${folder}`]);
	const odd = { TZ: "Pacific/Chatham", LC_ALL: "C", DPKG_DEB_THREADS_MAX: "1" };
	make(
		["taskset", "--cpu-list", "0", "sh", "-c", 'umask 077; exec "$@"', "sh"],
		["--arch=amd64", `--out=${again}`],
		odd,
	);
	make([], ["--arch=amd64", "--only=deb", "--only=rpm", `--stamp=${nextVersion}`, `--out=${next}`]);
	execFileSync("dpkg-deb", ["--extract", join(folder, `pathkeeper_${version}_amd64.deb`), tree]);
	// Both versions where a changed root sees them.
	mkdirSync(join(base, "both"));
	return { folder, again, next, tree, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** One folder with the packages of both versions. */
export function bothVersions({ folder, next }: Built): string {
	const both = join(folder, "../both");
	for (const from of [folder, next])
		for (const name of readdirSync(from))
			if (/amd64\.deb$|x86_64\.rpm$/.test(name)) cpSync(join(from, name), join(both, name));
	return both;
}

function make(
	before: readonly string[],
	options: readonly string[],
	env: Readonly<Record<string, string>> = {},
): void {
	const [program = "", ...args] = [...before, process.execPath, "scripts/package.ts", "--fast", ...options];
	execFileSync(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit"] });
}
