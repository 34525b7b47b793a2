import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface MultipathT {
	/** Exit code; null when the program ended by a signal. */
	readonly status: number | null;
	/** What it complained of, a line each, without the time in front. */
	readonly complaints: readonly string[];
	/** The effective configuration, as printed. */
	readonly printed: string;
}

/**
 * Runs the real `multipath -t` over files of conf.d. The program reads fixed paths, so it gets a name space of its own
 * with an empty /etc. Without the program or the right to make a name space the test fails.
 */
export function multipathT(files: readonly { readonly name: string; readonly text: string }[]): MultipathT {
	const folder = mkdtempSync(join(tmpdir(), "multipath-t-"));
	try {
		for (const { name, text } of files) writeFileSync(join(folder, name), text);
		const mapRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
		const script =
			'mount -t tmpfs tmpfs /etc && mkdir -p /etc/multipath/conf.d && cp -r "$0/." /etc/multipath/conf.d/ && exec timeout -k 1 5 multipath -t';
		const run = spawnSync("unshare", [...mapRoot, "--mount", "sh", "-c", script, folder], {
			encoding: "utf8",
			maxBuffer: 16_777_216,
			env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
		});
		if (run.error !== undefined) throw run.error;
		return {
			status: run.status,
			complaints: run.stderr
				.split("\n")
				.filter((line) => line !== "")
				.map((line) => line.replace(/^[\d.]+ \| /, "")),
			printed: run.stdout,
		};
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
