/**
 * Names of our temp files. A process that is killed between write and rename leaves one behind; the next writer in
 * that folder takes it away, by exact name only, and only when its writer cannot be at work any more.
 */
import { lstat, readdir, unlink } from "node:fs/promises";
import type { Runtime } from "@pathkeeper/model";
import type { PinnedFolder } from "./pinned-folder.ts";

// Starts with a dot and does not end in .conf, so that multipathd and others that read whole folders pass it over.
const pattern = /^\.[^/]+\.pathkeeper-(\d{1,10})-[0-9a-f]{16}\.tmp$/;
/** A pid may have been given to somebody else since; no replace takes that long. */
const longestReplaceMs = 3_600_000;

export function tempName(name: string, runtime: Pick<Runtime, "pid" | "bytes">): string {
	return `.${name}.pathkeeper-${runtime.pid}-${Buffer.from(runtime.bytes(8)).toString("hex")}.tmp`;
}

/** The process that made a temp file of this name, or null when the name is not ours. */
export function tempWriter(name: string): number | null {
	const pid = pattern.exec(name)?.[1];
	return pid === undefined ? null : Number(pid);
}

/** Removes what killed writers left; `busy` are the temp files that this process is writing now. */
export async function removeLeftovers(
	folder: PinnedFolder,
	busy: ReadonlySet<string>,
	runtime: Pick<Runtime, "now" | "pid">,
): Promise<void> {
	for (const name of await readdir(folder.all)) {
		const writer = tempWriter(name);
		if (writer === null || busy.has(name)) continue;
		const path = folder.entry(name);
		try {
			const found = await lstat(path);
			const abandoned =
				writer === runtime.pid || !isAlive(writer) || runtime.now() - found.mtimeMs > longestReplaceMs;
			if (found.isFile() && found.uid === process.geteuid?.() && abandoned) await unlink(path);
		} catch {
			// Gone meanwhile, or not ours to take away: a leftover harms nobody.
		}
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
