import { lstat, readlink, stat } from "node:fs/promises";
import { posix } from "node:path";
import type { HostFiles } from "@pathkeeper/host";

/** What is looked at of an entry of the file tree. */
export interface EntryFacts {
	readonly kind: "file" | "folder" | "link" | "other";
	/** Permission bits. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Milliseconds since the epoch. */
	readonly changedAt: number;
	/** Where a link leads, as it is written; null for anything else. */
	readonly target: string | null;
}

/** The file tree of the machine that is looked at; paths are absolute as on that machine. */
export class Tree {
	readonly root: string;
	readonly #files: HostFiles;

	/** `files` are those below the same root. */
	constructor(root: string, files: HostFiles) {
		this.root = root;
		this.#files = files;
	}

	on(path: string): string {
		return posix.join(this.root, path);
	}

	/** Text of a file, or null when it is not there. Throws FILE_UNREADABLE. */
	read(path: string): Promise<string | null> {
		return this.#files.read(path);
	}

	/** Names in a folder, sorted; empty when there is none. Throws FILE_UNREADABLE. */
	list(path: string): Promise<readonly string[]> {
		return this.#files.list(path);
	}

	/** Null when there is nothing. `follow`: what a link leads to. */
	async entry(path: string, follow = false): Promise<EntryFacts | null> {
		try {
			const found = await (follow ? stat : lstat)(this.on(path));
			const kind = found.isFile()
				? "file"
				: found.isDirectory()
					? "folder"
					: found.isSymbolicLink()
						? "link"
						: "other";
			const { mode, uid, gid, mtimeMs } = found;
			const target = kind === "link" ? await readlink(this.on(path)) : null;
			return { kind, mode: mode & 0o7777, uid, gid, changedAt: mtimeMs, target };
		} catch (error) {
			if (isAbsent(error)) return null;
			throw error;
		}
	}
}

function isAbsent(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
