import { link, lstat, mkdir, open, readdir, rename, stat, statfs, truncate, unlink } from "node:fs/promises";
import { posix } from "node:path";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import type { FolderEntry, Folders } from "./folders.ts";

export interface RealFoldersOptions {
	/** Where the machine's file tree starts. */
	readonly root?: string;
	readonly deadlineMs?: number;
}

/** Folders of this machine. */
export class RealFolders implements Folders {
	readonly #root: string;
	readonly #deadlineMs: number;
	readonly #hanging = new Map<string, number>();

	constructor(options: RealFoldersOptions = {}) {
		this.#root = options.root ?? "/";
		this.#deadlineMs = options.deadlineMs ?? 10_000;
	}

	list(folder: string): Promise<readonly FolderEntry[] | null> {
		return this.#bounded(folder, async (path) => {
			let names: readonly string[];
			try {
				names = await readdir(path);
			} catch (error) {
				if (codeOf(error) === "ENOENT") return null;
				throw error;
			}
			const entries = await Promise.all(names.map((name) => entryOf(posix.join(path, name), name)));
			return entries.filter((entry) => entry !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
		});
	}

	space(folder: string): Promise<{ totalBytes: number; availableBytes: number }> {
		return this.#bounded(folder, async (path) => {
			const { blocks, bavail, bsize } = await statfs(path);
			return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
		});
	}

	isMountPoint(folder: string): Promise<boolean> {
		return this.#bounded(folder, async (path) => {
			const [own, above] = await Promise.all([stat(path), stat(posix.dirname(path))]);
			return own.dev !== above.dev;
		});
	}

	make(folder: string): Promise<void> {
		return this.#bounded(folder, async (path) => void (await mkdir(path, { recursive: true })));
	}

	create(file: string, sizeBytes: number): Promise<void> {
		return this.#bounded(file, async (path) => {
			try {
				const handle = await open(path, "wx", 0o600);
				try {
					await handle.truncate(sizeBytes);
					await handle.sync();
				} finally {
					await handle.close();
				}
			} catch (error) {
				if (codeOf(error) !== "EEXIST") throw error;
				throw new PathkeeperError("ALREADY_EXISTS", { values: { what: file }, cause: error });
			}
		});
	}

	grow(file: string, sizeBytes: number): Promise<void> {
		return this.#bounded(file, async (path) => {
			if ((await lstat(path)).size < sizeBytes) await truncate(path, sizeBytes);
		});
	}

	/** A rename would replace what bears the new name already; a second link does not. */
	rename(file: string, to: string): Promise<void> {
		return this.#bounded(file, async (path) => {
			const target = posix.join(this.#root, to);
			if (posix.dirname(path) !== posix.dirname(target)) await rename(path, target);
			else {
				await link(path, target);
				await unlink(path);
			}
		});
	}

	remove(file: string): Promise<boolean> {
		return this.#bounded(file, async (path) => {
			try {
				await unlink(path);
				return true;
			} catch (error) {
				if (codeOf(error) === "ENOENT") return false;
				throw error;
			}
		});
	}

	/** Threads of Node that wait for a dead server are few, and lost: one call a path may hang. */
	async #bounded<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
		if ((this.#hanging.get(path) ?? 0) > 0) throw overdue(path, "an earlier call to it still hangs");
		const { promise: late, resolve: giveUp } = Promise.withResolvers<"late">();
		const timer = setTimeout(() => giveUp("late"), this.#deadlineMs);
		const working = work(posix.join(this.#root, path));
		try {
			const first = await Promise.race([working.then((value) => ({ value })), late]);
			if (first !== "late") return first.value;
			this.#hanging.set(path, (this.#hanging.get(path) ?? 0) + 1);
			const end = () => this.#hanging.set(path, (this.#hanging.get(path) ?? 1) - 1);
			void working.then(end, end);
			throw overdue(path, `no answer within ${this.#deadlineMs / 1000} s; is its server gone?`);
		} catch (error) {
			if (error instanceof PathkeeperError) throw error;
			const values = { path, problem: codeOf(error) ?? messageOf(error) };
			throw new PathkeeperError("FILE_UNREADABLE", { values, cause: error });
		} finally {
			clearTimeout(timer);
		}
	}
}

async function entryOf(path: string, name: string): Promise<FolderEntry | null> {
	try {
		const found = await lstat(path);
		const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
		return { name, kind, sizeBytes: found.size, changedAtS: Math.floor(found.mtimeMs / 1000) };
	} catch (error) {
		if (codeOf(error) === "ENOENT") return null; // It went away after it was listed.
		throw error;
	}
}

function overdue(path: string, problem: string): PathkeeperError {
	return new PathkeeperError("FILE_UNREADABLE", { values: { path, problem } });
}

function codeOf(error: unknown): string | null {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
