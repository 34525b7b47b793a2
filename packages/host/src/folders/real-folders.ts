import * as nodeFiles from "node:fs/promises";
import { posix } from "node:path";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import type { FolderEntry, Folders } from "./folders.ts";
import { Places } from "./places.ts";

const mostThreads = 2;

export interface RealFoldersOptions {
	/** Where the machine's file tree starts. */
	readonly root?: string;
	readonly deadlineMs?: number;
	/** Calls to look at files with. */
	readonly files?: Pick<typeof nodeFiles, "lstat" | "readdir" | "stat" | "statfs">;
}

/** Folders of this machine. */
export class RealFolders implements Folders {
	readonly #root: string;
	readonly #deadlineMs: number;
	readonly #files: NonNullable<RealFoldersOptions["files"]>;
	readonly #threads = new Places(mostThreads);
	/** Paths of calls that were given up and have not come back. */
	readonly #hanging = new Set<{ readonly path: string }>();

	constructor(options: RealFoldersOptions = {}) {
		this.#root = options.root ?? "/";
		this.#deadlineMs = options.deadlineMs ?? 10_000;
		this.#files = options.files ?? nodeFiles;
	}

	list(folder: string): Promise<readonly FolderEntry[] | null> {
		return this.#bounded(folder, async (path, late) => {
			let names: readonly string[];
			try {
				names = await this.#files.readdir(path);
			} catch (error) {
				if (codeOf(error) === "ENOENT") return null;
				throw error;
			}
			const entries: FolderEntry[] = [];
			for (const name of names) {
				late.throwIfAborted();
				const entry = await this.#entryOf(posix.join(path, name), name);
				if (entry !== null) entries.push(entry);
			}
			return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
		});
	}

	space(folder: string): Promise<{ totalBytes: number; availableBytes: number }> {
		return this.#bounded(folder, async (path) => {
			const { blocks, bavail, bsize } = await this.#files.statfs(path);
			return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
		});
	}

	isMountPoint(folder: string): Promise<boolean> {
		return this.#bounded(folder, async (path) => {
			const own = await this.#files.stat(path);
			const above = await this.#files.stat(posix.dirname(path));
			return own.dev !== above.dev;
		});
	}

	make(folder: string): Promise<void> {
		return this.#bounded(folder, async (path) => void (await nodeFiles.mkdir(path, { recursive: true })));
	}

	create(file: string, sizeBytes: number): Promise<void> {
		return this.#bounded(file, async (path) => {
			try {
				const handle = await nodeFiles.open(path, "wx", 0o600);
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
			if ((await this.#files.lstat(path)).size < sizeBytes) await nodeFiles.truncate(path, sizeBytes);
		});
	}

	/** A rename would replace what bears the new name already; a second link does not. */
	rename(file: string, to: string): Promise<void> {
		return this.#bounded(file, async (path) => {
			try {
				await nodeFiles.link(path, posix.join(this.#root, to));
			} catch (error) {
				if (codeOf(error) !== "EEXIST") throw error;
				throw new PathkeeperError("ALREADY_EXISTS", { values: { what: to }, cause: error });
			}
			await nodeFiles.unlink(path);
		});
	}

	remove(file: string): Promise<boolean> {
		return this.#bounded(file, async (path) => {
			try {
				await nodeFiles.unlink(path);
				return true;
			} catch (error) {
				if (codeOf(error) === "ENOENT") return false;
				throw error;
			}
		});
	}

	async #entryOf(path: string, name: string): Promise<FolderEntry | null> {
		try {
			const found = await this.#files.lstat(path);
			const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
			return { name, kind, sizeBytes: found.size, changedAtS: Math.floor(found.mtimeMs / 1000) };
		} catch (error) {
			if (codeOf(error) === "ENOENT") return null; // It went away after it was listed.
			throw error;
		}
	}

	/**
	 * Node has four threads for files, and one that waits for a dead server is lost until it answers. So two calls run at
	 * a time, each with one thread, and while both hang none is begun: with the rest of them the daemon goes on.
	 */
	async #bounded<T>(path: string, work: (path: string, late: AbortSignal) => Promise<T>): Promise<T> {
		await this.#threads.take(() => {
			const hanging = [...this.#hanging].map((call) => call.path);
			if (hanging.includes(path)) throw overdue(path, "an earlier call to it still hangs");
			if (hanging.length < mostThreads) return;
			const paths = hanging.join(" and ");
			throw overdue(path, `it is not looked at while earlier calls to ${paths} hang`);
		});
		const late = new AbortController();
		const { promise: over, resolve: giveUp } = Promise.withResolvers<"late">();
		const timer = setTimeout(() => giveUp("late"), this.#deadlineMs);
		const working = work(posix.join(this.#root, path), late.signal);
		const call = { path };
		let isBack = false;
		const end = () => {
			isBack = true;
			this.#hanging.delete(call);
			this.#threads.give();
		};
		void working.then(end, end);
		try {
			const first = await Promise.race([working.then((value) => ({ value })), over]);
			if (first !== "late") return first.value;
			late.abort();
			if (!isBack) this.#hanging.add(call);
			this.#threads.lookAgain();
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

function overdue(path: string, problem: string): PathkeeperError {
	return new PathkeeperError("FILE_UNREADABLE", { values: { path, problem } });
}

function codeOf(error: unknown): string | null {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
