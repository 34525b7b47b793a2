import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { posix } from "node:path";
import { PathkeeperError, type Runtime } from "@pathkeeper/model";
import { fileProblem, systemCode } from "./file-problem.ts";
import type { HostFiles } from "./host-files.ts";
import { removeLeftovers, tempName } from "./leftovers.ts";
import { type PinnedFolder, pinFolder, unsafe } from "./pinned-folder.ts";
import { kindOf, readRegularFile, unreadable } from "./regular-file.ts";

/**
 * The files of a machine below one root folder.
 *
 * Writing follows no symbolic link: the folder is pinned by descriptor component by component (pinned-folder.ts),
 * the temp file is made with O_EXCL and O_NOFOLLOW, and `rename` replaces a name without following it. What stands
 * at the name is looked at just before; whoever swaps it after that look gets the swapped-in name replaced, and
 * nothing behind a link is ever touched. Reading does follow links (`/etc/os-release` is one), but opens only
 * regular files, so that a device or a pipe at the path cannot hold us.
 */
export class RootedFiles implements HostFiles {
	readonly #runtime: Runtime;
	readonly #root: string;
	/** Temp files being written by this object. */
	readonly #busy = new Set<string>();
	/** The last change under way, a path: two replaces of one file come out in the order they were asked for. */
	readonly #changes = new Map<string, Promise<unknown>>();

	constructor(runtime: Runtime, root = "/") {
		this.#runtime = runtime;
		this.#root = root;
	}

	async read(path: string): Promise<string | null> {
		try {
			return await readRegularFile(this.#on(path), path);
		} catch (error) {
			if (isAbsent(error)) return null;
			throw asUnreadable(path, error);
		}
	}

	async list(path: string): Promise<readonly string[]> {
		try {
			const names = await readdir(this.#on(path));
			return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		} catch (error) {
			if (systemCode(error) === "ENOENT") return [];
			throw asUnreadable(path, error);
		}
	}

	replace(path: string, text: string, options: { readonly mode?: number } = {}): Promise<void> {
		return this.#inTurn(path, async () => {
			const name = nameIn(path);
			await using folder = await pinFolder(this.#root, posix.dirname(path), { create: true });
			if (folder === null) throw unsafe(path, "its folder vanished while it was made");
			await checkReplaceable(folder, name, path);
			await removeLeftovers(folder, this.#busy, this.#runtime);
			await this.#write(folder, name, text, options.mode ?? 0o644, path);
		});
	}

	remove(path: string): Promise<boolean> {
		return this.#inTurn(path, async () => {
			const name = nameIn(path);
			await using folder = await pinFolder(this.#root, posix.dirname(path), { create: false });
			if (folder === null) return false;
			await removeLeftovers(folder, this.#busy, this.#runtime);
			if (!(await checkReplaceable(folder, name, path))) return false;
			await unlink(folder.entry(name));
			await folder.sync();
			return true;
		});
	}

	async #write(folder: PinnedFolder, name: string, text: string, mode: number, path: string): Promise<void> {
		const temp = tempName(name, this.#runtime);
		this.#busy.add(temp);
		try {
			await using file = await open(
				folder.entry(temp),
				constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
				0o600,
			);
			try {
				await file.writeFile(text, "utf8");
				// The umask had its say when the file was made; the mode asked for is the mode given.
				await file.chmod(mode);
				await file.sync();
				await checkReplaceable(folder, name, path);
				await rename(folder.entry(temp), folder.entry(name));
			} catch (error) {
				await unlink(folder.entry(temp)).catch(() => undefined);
				throw error;
			}
			await folder.sync();
		} finally {
			this.#busy.delete(temp);
		}
	}

	#on(path: string): string {
		if (!posix.isAbsolute(path)) throw unreadable(path, "the path is not absolute");
		return posix.join(this.#root, path);
	}

	async #inTurn<T>(path: string, change: () => Promise<T>): Promise<T> {
		const before = this.#changes.get(path) ?? Promise.resolve();
		const turn = before.then(change, change).catch((error: unknown) => {
			throw error instanceof PathkeeperError ? error : unsafe(path, fileProblem(error), error);
		});
		this.#changes.set(path, turn);
		try {
			return await turn;
		} finally {
			if (this.#changes.get(path) === turn) this.#changes.delete(path);
		}
	}
}

function nameIn(path: string): string {
	const name = posix.basename(path);
	if (!posix.isAbsolute(path) || name === "" || name === "." || name === ".." || path.includes("\0")) {
		throw unsafe(path, "it is not an absolute path of a file");
	}
	return name;
}

/** True when a file of ours stands there, false when nothing does; throws FILE_UNSAFE for all else. */
async function checkReplaceable(folder: PinnedFolder, name: string, path: string): Promise<boolean> {
	let found: Stats;
	try {
		found = await lstat(folder.entry(name));
	} catch (error) {
		if (systemCode(error) === "ENOENT") return false;
		throw error;
	}
	if (found.isSymbolicLink()) throw unsafe(path, "it is a symbolic link, and links are not followed");
	if (!found.isFile()) throw unsafe(path, `it is ${kindOf(found)}, not a regular file`);
	if (found.uid !== process.geteuid?.()) throw unsafe(path, `it belongs to user ${found.uid}`);
	return true;
}

function isAbsent(error: unknown): boolean {
	const code = systemCode(error);
	return code === "ENOENT" || code === "ENOTDIR";
}

function asUnreadable(path: string, error: unknown): PathkeeperError {
	return error instanceof PathkeeperError ? error : unreadable(path, fileProblem(error), error);
}
