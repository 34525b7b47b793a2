/** Reading files that may have been replaced by something that never answers. */
import { constants, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { PathkeeperError } from "@pathkeeper/model";

/** O_PATH of asm-generic/fcntl.h, which Node does not name: look at a file without opening its device or pipe. */
const oPath = 0o10000000;
/** Larger than any file that Pathkeeper reads (the wwids file of 20,000 LUNs has 1 MB). */
const longestFile = 16 * 1024 * 1024;

/**
 * The text of a regular file; links are followed. Anything else is refused before it is opened: opening a pipe or a
 * device may wait for ever, and Node has four threads for files. `shownAs` is its path in messages. Throws
 * FILE_UNREADABLE for what is no regular file or too long, and what the system calls throw.
 */
export async function readRegularFile(path: string, shownAs = path): Promise<string> {
	await using look = await open(path, oPath);
	const found = await look.stat();
	if (!found.isFile()) throw unreadable(shownAs, `it is ${kindOf(found)}`);
	if (found.size > longestFile) throw unreadable(shownAs, `it has ${found.size} bytes`);
	await using file = await open(`/proc/self/fd/${look.fd}`, constants.O_RDONLY);
	return await file.readFile("utf8");
}

/** What stands where a regular file is wanted, in words. */
export function kindOf(found: Stats): string {
	if (found.isDirectory()) return "a folder";
	if (found.isFIFO()) return "a pipe";
	if (found.isSocket()) return "a socket";
	return found.isBlockDevice() || found.isCharacterDevice() ? "a device" : "not a regular file";
}

export function unreadable(path: string, problem: string, cause?: unknown): PathkeeperError {
	return new PathkeeperError("FILE_UNREADABLE", { path, problem }, { cause });
}
