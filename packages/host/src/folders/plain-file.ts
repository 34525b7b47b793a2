/**
 * Files of a storage that may be changed: regular ones with one name. A link leads elsewhere, a device or a pipe is
 * something else, and a file with a second name may be somebody else's (a hard link to /etc/passwd is made in a moment).
 */
import { constants, type Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { systemCode } from "../files/file-problem.ts";
import type { PinnedFolder } from "../files/pinned-folder.ts";
import { type FileCalls, oPath } from "./file-calls.ts";
import { unsafe } from "./storage-folder.ts";

/** Holds a file without opening it, so that a pipe or a device does nothing. Null when it is not there; FOLDER_UNSAFE. */
export async function lookAtFile(
	calls: FileCalls,
	folder: PinnedFolder,
	name: string,
): Promise<FileHandle | null> {
	let look: FileHandle;
	try {
		look = await calls.open(folder.entry(name), oPath | constants.O_NOFOLLOW);
	} catch (error) {
		if (systemCode(error) === "ENOENT") return null;
		throw error;
	}
	return await checked(look, `${folder.path}/${name}`);
}

/** Opens for writing exactly the file that is looked at, whatever its name means by now. */
export async function openToWrite(calls: FileCalls, look: FileHandle, path: string): Promise<FileHandle> {
	const file = await calls.open(`/proc/self/fd/${look.fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
	return await checked(file, path);
}

/** Throws FOLDER_UNSAFE unless the new name of a file is a name of that very file. */
export async function checkLinked(
	calls: FileCalls,
	look: FileHandle,
	folder: PinnedFolder,
	name: string,
): Promise<void> {
	const found = await calls.lstat(folder.entry(name));
	if (isSame(found, await look.stat()) && found.nlink === 2) return;
	throw unsafe(`${folder.path}/${name}`, "another file was put in its place meanwhile; nothing was renamed");
}

export function isSame(one: Stats, other: Stats): boolean {
	return one.dev === other.dev && one.ino === other.ino;
}

/** Whether a file is one that volumes may be. */
export function isPlainFile(found: Stats): boolean {
	return found.isFile() && found.nlink === 1;
}

async function checked(file: FileHandle, path: string): Promise<FileHandle> {
	try {
		const found = await file.stat();
		if (isPlainFile(found)) return file;
		throw unsafe(path, problemOf(found));
	} catch (error) {
		await file.close();
		throw error;
	}
}

function problemOf(found: Stats): string {
	if (found.isSymbolicLink()) return "it is a symbolic link, and links inside a storage are not followed";
	if (found.isFile())
		return found.nlink === 0
			? "it was removed meanwhile"
			: `it has ${found.nlink} names (hard links), so it may be another file as well`;
	return found.isDirectory() ? "it is a folder" : "it is a device, a pipe or a socket, and no regular file";
}
