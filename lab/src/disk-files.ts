/** The files behind a guest's disks. */
import { truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { runProgram } from "./run-program.ts";

/** A sparse file of `bytes` without content. */
export async function makeEmpty(file: string, bytes: number): Promise<void> {
	await writeFile(file, "");
	await truncate(file, bytes);
}

/** A sparse ext4 disk of `bytes`, filled from a folder. It has no journal: no guest disk outlives its guest. */
export async function makeDisk(
	file: string,
	bytes: number,
	options: { readonly from: string; readonly label?: string },
): Promise<void> {
	await makeEmpty(file, bytes);
	const label = options.label === undefined ? [] : ["-L", options.label];
	const { from } = options;
	await runProgram(["mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", ...label, "-d", from, file]);
}

/** A disk that starts as `base` and keeps its own changes. The link to the base is relative. */
export async function makeOverlay(overlay: string, base: string): Promise<void> {
	const format = base.endsWith(".qcow2") ? "qcow2" : "raw";
	const backing = relative(join(overlay, ".."), base);
	await runProgram(["qemu-img", "create", "-q", "-f", "qcow2", "-b", backing, "-F", format, overlay]);
}
