import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { messageOf, PathkeeperError, type Runtime, Semaphore } from "@pathkeeper/model";
import { systemCode } from "../files/file-problem.ts";
import type { PinnedFolder } from "../files/pinned-folder.ts";
import { type FileCalls, systemCalls } from "./file-calls.ts";
import type { FolderEntry, Folders } from "./folders.ts";
import { checkLinked, isPlainFile, isSame, lookAtFile, openToWrite } from "./plain-file.ts";
import { openFolder, openInside, openStorage, unsafe, type WalkOptions } from "./storage-folder.ts";

const mostThreads = 2;

export interface RealFoldersOptions {
	/** Where the machine's file tree starts. */
	readonly root?: string;
	readonly deadlineMs?: number;
	readonly runtime: Pick<Runtime, "schedule">;
	/** Calls to work on files with. */
	readonly calls?: Partial<FileCalls>;
}

/** Throws when the call was given up: its caller was told that it failed, so nothing may be changed any more. */
type Check = () => void;

/** Folders of this machine. */
export class RealFolders implements Folders {
	readonly #root: string;
	readonly #deadlineMs: number;
	readonly #runtime: Pick<Runtime, "schedule">;
	readonly #calls: FileCalls;
	readonly #threads = new Semaphore(mostThreads);
	/** Calls that wait for a thread. */
	readonly #waiting = new Set<{ readonly storage: string; readonly stop: AbortController }>();
	/** Storages of calls that were given up and have not come back. */
	readonly #hanging = new Set<{ readonly path: string }>();

	constructor(options: RealFoldersOptions) {
		this.#root = options.root ?? "/";
		this.#deadlineMs = options.deadlineMs ?? 10_000;
		this.#runtime = options.runtime;
		this.#calls = { ...systemCalls, ...options.calls };
	}

	list(storage: string, inside: string): Promise<readonly FolderEntry[] | null> {
		return this.#bounded(storage, async (check) => {
			await using folder = await this.#open(storage, inside, { create: false, check });
			if (folder === null) return null;
			const entries: FolderEntry[] = [];
			for (const name of await this.#calls.readdir(folder.all)) {
				check();
				const entry = await this.#entryOf(folder, name);
				if (entry !== null) entries.push(entry);
			}
			return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
		});
	}

	space(storage: string, inside: string): Promise<{ totalBytes: number; availableBytes: number }> {
		return this.#bounded(storage, async (check) => {
			await using folder = await this.#there(storage, inside, check);
			const { blocks, bavail, bsize } = await this.#calls.statfs(folder.all);
			return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
		});
	}

	isMountPoint(folder: string): Promise<boolean> {
		return this.#bounded(folder, async (check) => {
			await using own = await openFolder(this.#calls, this.#root, folder, { create: false, check });
			if (own === null) throw absent();
			const above = await this.#calls.lstat(own.entry(".."));
			return (await own.stat()).dev !== above.dev;
		});
	}

	make(storage: string, inside: string): Promise<void> {
		return this.#bounded(storage, async (check) => {
			await using _ = await this.#open(storage, inside, { create: true, check });
		});
	}

	create(storage: string, file: string, sizeBytes: number): Promise<void> {
		return this.#bounded(storage, async (check) => {
			const { folder: inside, name } = split(file);
			await using folder = await this.#there(storage, inside, check);
			check();
			let handle: FileHandle;
			try {
				const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
				handle = await this.#calls.open(folder.entry(name), flags, 0o600);
			} catch (error) {
				throw asTaken(error, `${storage}/${file}`);
			}
			await using made = handle;
			try {
				check();
				await made.truncate(sizeBytes);
				await made.sync();
			} catch (error) {
				// Nobody was promised this file, and one of a wrong size must not pass for the one that was asked for.
				await this.#unlinkMade(folder, name, made).catch(() => undefined);
				throw error;
			}
		});
	}

	grow(storage: string, file: string, sizeBytes: number): Promise<void> {
		return this.#bounded(storage, async (check) => {
			const { folder: inside, name } = split(file);
			await using folder = await this.#there(storage, inside, check);
			await using look = await lookAtFile(this.#calls, folder, name);
			if (look === null) throw absent();
			await using opened = await openToWrite(this.#calls, look, `${storage}/${file}`);
			check();
			if ((await opened.stat()).size < sizeBytes) await opened.truncate(sizeBytes);
		});
	}

	/**
	 * A rename would replace what bears the new name already; a second link does not. While a file has both names, no
	 * call touches it.
	 */
	rename(storage: string, file: string, to: string): Promise<void> {
		return this.#bounded(storage, async (check) => {
			const source = split(file);
			const target = split(to);
			await using from = await this.#there(storage, source.folder, check);
			await using into = await this.#there(storage, target.folder, check);
			await using look = await lookAtFile(this.#calls, from, source.name);
			if (look === null) throw absent();
			check();
			try {
				await this.#calls.link(from.entry(source.name), into.entry(target.name));
			} catch (error) {
				throw asTaken(error, `${storage}/${to}`);
			}
			try {
				check();
				await checkLinked(this.#calls, look, into, target.name);
			} catch (error) {
				await this.#calls.unlink(into.entry(target.name)).catch(() => undefined);
				throw error;
			}
			await this.#calls.unlink(from.entry(source.name));
		});
	}

	remove(storage: string, file: string): Promise<boolean> {
		return this.#bounded(storage, async (check) => {
			const { folder: inside, name } = split(file);
			await using folder = await this.#open(storage, inside, { create: false, check });
			if (folder === null) return false;
			await using look = await lookAtFile(this.#calls, folder, name);
			if (look === null) return false;
			check();
			await this.#calls.unlink(folder.entry(name));
			return true;
		});
	}

	async #open(storage: string, inside: string, options: WalkOptions): Promise<PinnedFolder | null> {
		await using top = await openStorage(this.#calls, this.#root, storage, options);
		return top === null ? null : await openInside(this.#calls, top, inside, options);
	}

	async #there(storage: string, inside: string, check: Check): Promise<PinnedFolder> {
		const folder = await this.#open(storage, inside, { create: false, check });
		if (folder === null) throw absent();
		return folder;
	}

	/** After a failed `create`: takes the file away again, unless something else bears its name by now. */
	async #unlinkMade(folder: PinnedFolder, name: string, made: FileHandle): Promise<void> {
		const found = await this.#calls.lstat(folder.entry(name));
		if (isSame(found, await made.stat())) await this.#calls.unlink(folder.entry(name));
	}

	async #entryOf(folder: PinnedFolder, name: string): Promise<FolderEntry | null> {
		try {
			const found = await this.#calls.lstat(folder.entry(name));
			const kind = isPlainFile(found) ? "file" : found.isDirectory() ? "folder" : "other";
			return { name, kind, sizeBytes: found.size, changedAtS: Math.floor(found.mtimeMs / 1000) };
		} catch (error) {
			if (systemCode(error) === "ENOENT") return null; // It went away after it was listed.
			throw error;
		}
	}

	/**
	 * Node has four threads for files, and one that waits for a dead server is lost until it answers. So two calls run at
	 * a time, each with one thread, and while both hang none is begun: with the rest of them the daemon goes on.
	 */
	async #bounded<T>(storage: string, work: (check: Check) => Promise<T>): Promise<T> {
		const giveBack = await this.#thread(storage);
		const late = new AbortController();
		const { promise: over, resolve: giveUp } = Promise.withResolvers<"late">();
		const callOff = this.#runtime.schedule(this.#deadlineMs, () => giveUp("late"));
		const working = work(() => late.signal.throwIfAborted());
		const call = { path: storage };
		let isBack = false;
		const end = () => {
			isBack = true;
			this.#hanging.delete(call);
			giveBack();
		};
		void working.then(end, end);
		try {
			const first = await Promise.race([working.then((value) => ({ value })), over]);
			if (first !== "late") return first.value;
			late.abort();
			if (!isBack) this.#hanging.add(call);
			for (const { storage: other, stop } of this.#waiting) {
				const refusal = this.#refusal(other);
				if (refusal !== null) stop.abort(refusal);
			}
			throw overdue(storage, `no answer within ${this.#deadlineMs / 1000} s; is its server gone?`);
		} catch (error) {
			if (error instanceof PathkeeperError) throw error;
			const values = { path: storage, problem: systemCode(error) ?? messageOf(error) };
			throw new PathkeeperError("FILE_UNREADABLE", values, { cause: error });
		} finally {
			callOff();
		}
	}

	/** Waits for a thread; gives the function that gives it back. Throws when calls that hang leave none for this storage. */
	async #thread(storage: string): Promise<() => void> {
		const refusal = this.#refusal(storage);
		if (refusal !== null) throw refusal;
		const waiting = { storage, stop: new AbortController() };
		this.#waiting.add(waiting);
		try {
			const giveBack = await this.#threads.take(waiting.stop.signal);
			if (!waiting.stop.signal.aborted) return giveBack;
			// Refused at the moment at which it got the thread.
			giveBack();
			throw waiting.stop.signal.reason;
		} finally {
			this.#waiting.delete(waiting);
		}
	}

	#refusal(storage: string): PathkeeperError | null {
		const hanging = [...this.#hanging].map((call) => call.path);
		if (hanging.includes(storage)) return overdue(storage, "an earlier call to it still hangs");
		if (hanging.length < mostThreads) return null;
		return overdue(storage, `it is not looked at while earlier calls to ${hanging.join(" and ")} hang`);
	}
}

/** `images/100/vm-100-disk-0.raw` in folder and name. */
function split(file: string): { readonly folder: string; readonly name: string } {
	const at = file.lastIndexOf("/");
	const name = file.slice(at + 1);
	if (["", ".", ".."].includes(name) || name.includes("\0"))
		throw unsafe(file, "it is not the name of a file");
	return { folder: file.slice(0, Math.max(at, 0)), name };
}

function absent(): Error {
	return Object.assign(new Error("it is not there"), { code: "ENOENT" });
}

function asTaken(error: unknown, what: string): unknown {
	if (systemCode(error) !== "EEXIST") return error;
	return new PathkeeperError("ALREADY_EXISTS", { what }, { cause: error });
}

function overdue(path: string, problem: string): PathkeeperError {
	return new PathkeeperError("FILE_UNREADABLE", { path, problem });
}
