import type { Stats } from "node:fs";
import * as files from "node:fs/promises";

/** The calls of the system that work in folders is made of. Tests put something between them. */
export interface FileCalls {
	readonly open: (path: string, flags: number, mode?: number) => Promise<files.FileHandle>;
	readonly lstat: (path: string) => Promise<Stats>;
	readonly readdir: (path: string) => Promise<readonly string[]>;
	readonly readlink: (path: string) => Promise<string>;
	/** Sizes in blocks of `bsize` bytes. */
	readonly statfs: (path: string) => Promise<FileSystemRoom>;
	readonly mkdir: (path: string, mode: number) => Promise<void>;
	readonly link: (path: string, to: string) => Promise<void>;
	readonly unlink: (path: string) => Promise<void>;
}

interface FileSystemRoom {
	readonly blocks: number;
	readonly bavail: number;
	readonly bsize: number;
}

export const systemCalls: FileCalls = {
	open: files.open,
	lstat: (path) => files.lstat(path),
	readdir: (path) => files.readdir(path),
	readlink: (path) => files.readlink(path),
	statfs: (path) => files.statfs(path),
	mkdir: async (path, mode) => void (await files.mkdir(path, { mode })),
	link: files.link,
	unlink: files.unlink,
};

/** O_PATH of asm-generic/fcntl.h, which Node does not name: holds a file without opening its device or pipe. */
export const oPath = 0o10000000;
