import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with a multipath-tools in it: `/` for the installed one, or the root of another system. */
export interface MultipathRoot {
	readonly folder: string;
	readonly version: string;
}

/** What `multipath -t` did with a set of files. */
export interface Outcome {
	readonly status: number;
	readonly stdout: string;
	readonly stderr: string;
	/** The lines of stderr that name one of the files, without their time stamps. */
	readonly complaints: readonly string[];
	/** Lines (as multipath counts) that a complaint is about, by file name. */
	readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** File names: `multipath.conf` is the main file, every other one goes to conf.d. */
export type Files = Readonly<Record<string, string>>;

/**
 * The installed multipath-tools, and those of the root folders in PATHKEEPER_MULTIPATH_ROOTS (separated by colons).
 * Throws when one of them cannot be run: a test that needs the real parser must not pass without it.
 */
export function multipathRoots(): readonly MultipathRoot[] {
	const others = (process.env["PATHKEEPER_MULTIPATH_ROOTS"] ?? "")
		.split(":")
		.filter((folder) => folder !== "");
	return ["/", ...others].map((folder) => {
		const help = spawnSync("sh", ["-c", inNamespace(folder, 'chroot "$root" /usr/sbin/multipath -h 2>&1')], {
			encoding: "utf8",
		});
		const version = /multipath-tools v([\d.]+)/.exec(help.stdout)?.[1];
		if (version === undefined)
			throw new Error(
				`multipath-tools in ${folder} cannot be run (./dev test installs Debian's): ${help.stdout}${help.stderr}`,
			);
		return { folder, version };
	});
}

/** Runs `multipath -t` over every set of files, each for 5 s at most, in a mount namespace with an /etc of its own. */
export function runMultipath(root: MultipathRoot, cases: readonly Files[]): readonly Outcome[] {
	const work = mkdtempSync(join(tmpdir(), "multipath-conf-"));
	try {
		cases.forEach((files, index) => {
			const folder = join(work, String(index));
			mkdirSync(join(folder, "etc/multipath/conf.d"), { recursive: true });
			for (const [name, text] of Object.entries(files))
				writeFileSync(join(folder, name === "multipath.conf" ? "etc" : "etc/multipath/conf.d", name), text);
		});
		const run = spawnSync("sh", ["-c", inNamespace(root.folder, perCase), "sh", work, String(cases.length)], {
			encoding: "utf8",
		});
		if (run.status !== 0) throw new Error(`multipath -t could not be run in ${root.folder}: ${run.stderr}`);
		return cases.map((files, index) => outcomeOf(join(work, String(index)), Object.keys(files)));
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

const perCase = `
	ulimit -c 0
	ulimit -v 4000000
	index=0
	while [ "$index" -lt "$2" ]; do
		rm -rf "$root"/etc/multipath "$root"/etc/multipath.conf
		cp -r "$1/$index/etc/." "$root/etc/"
		status=0
		timeout 5 chroot "$root" /usr/sbin/multipath -t >"$1/$index/out" 2>"$1/$index/err" || status=$?
		echo "$status" >"$1/$index/status"
		index=$((index + 1))
	done`;

function inNamespace(folder: string, script: string): string {
	const inner = `set -eu
		root=${JSON.stringify(folder)}
		mount -t tmpfs none "$root/etc"
		if [ -d "$root/proc" ] && ! [ -d "$root/proc/self" ]; then mount --rbind /proc "$root/proc"; fi
		${script}`;
	const asRoot = process.getuid?.() === 0 ? "" : "--map-root-user";
	return `exec unshare --mount ${asRoot} sh -c '${inner.replaceAll("'", "'\\''")}' sh "$@"`;
}

function outcomeOf(folder: string, names: readonly string[]): Outcome {
	const errors = readFileSync(join(folder, "err"), "latin1").split("\n");
	const complaints = errors
		.map((line) => line.replace(/^\d+\.\d+ \| /, ""))
		.filter((line) => names.some((name) => line.includes(name)));
	const lines = new Map<string, Set<number>>(names.map((name) => [name, new Set()]));
	for (const complaint of complaints)
		for (const name of names) {
			const file = `(?:\\S*/)?${name.replaceAll(".", "\\.")}`;
			const number =
				new RegExp(`^${file} line (\\d+)`).exec(complaint) ??
				new RegExp(`line (\\d+) of ${file}`).exec(complaint);
			if (number !== null) lines.get(name)?.add(Number(number[1]));
		}
	return {
		status: Number(readFileSync(join(folder, "status"), "utf8")),
		stdout: readFileSync(join(folder, "out"), "utf8"),
		stderr: errors.join("\n"),
		complaints,
		lines,
	};
}
