/**
 * Folders that stay the same folder while we work in them.
 *
 * Node has no `openat`, so a path that was checked component by component could be swapped before it is used. An
 * open folder cannot: `/proc/self/fd/N/name` names an entry of exactly the folder that descriptor N holds, whatever
 * happens to the path meanwhile (proc(5)). The walk below opens each component that way with O_NOFOLLOW, so there
 * is no moment between looking and using in which a symbolic link could be slipped in.
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, readlink } from "node:fs/promises";
import { PathkeeperError } from "@pathkeeper/model";
import { fileProblem, systemCode } from "./file-problem.ts";

/** An open folder; entries are reached through `entry()`. Close it by `await using`. */
export class PinnedFolder implements AsyncDisposable {
	/** As on the host, for messages. */
	readonly path: string;
	readonly #handle: FileHandle;

	constructor(path: string, handle: FileHandle) {
		this.path = path;
		this.#handle = handle;
	}

	/** A path of one entry of this folder that no swap of a folder above can redirect. */
	entry(name: string): string {
		return `/proc/self/fd/${this.#handle.fd}/${name}`;
	}

	/** All names in it. */
	get all(): string {
		return `/proc/self/fd/${this.#handle.fd}`;
	}

	/** Owner and mode of the folder itself. */
	stat(): Promise<Stats> {
		return this.#handle.stat();
	}

	/** Makes changes of names in this folder survive a power cut. */
	sync(): Promise<void> {
		return this.#handle.sync();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#handle.close();
	}
}

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens the folder below `root` without following a symbolic link on the way, and makes missing folders (0755)
 * when asked to. Null when it is not there. Throws FILE_UNSAFE when a component is a link or no folder, or when
 * somebody else could change names in it.
 */
export async function pinFolder(
	root: string,
	folder: string,
	options: { readonly create: boolean },
): Promise<PinnedFolder | null> {
	const names = folder.split("/").filter((name) => name !== "");
	if (names.includes("..") || names.includes(".")) {
		throw unsafe(folder, "the path holds '.' or '..'");
	}
	// The root itself is the caller's choice and may be reached through a link (a temp folder in tests).
	let held = new PinnedFolder("/", await open(root, constants.O_RDONLY | constants.O_DIRECTORY));
	for (const name of names) {
		await using above = held;
		const path = above.path === "/" ? `/${name}` : `${above.path}/${name}`;
		const next = await step(above, name, path, options.create);
		if (next === null) return null;
		held = next;
	}
	return held;
}

async function step(
	above: PinnedFolder,
	name: string,
	path: string,
	create: boolean,
): Promise<PinnedFolder | null> {
	let handle: FileHandle;
	try {
		handle = await open(above.entry(name), folderFlags);
	} catch (error) {
		if (systemCode(error) !== "ENOENT") throw unsafe(path, await refusal(above, name, error), error);
		if (!create) return null;
		try {
			await mkdir(above.entry(name), { mode: 0o755 });
			await above.sync();
			handle = await open(above.entry(name), folderFlags);
		} catch (failure) {
			// Another process may have made it first, and rightly so.
			if (systemCode(failure) === "EEXIST") return step(above, name, path, false);
			throw unsafe(path, fileProblem(failure), failure);
		}
	}
	const folder = new PinnedFolder(path, handle);
	try {
		const { uid, mode } = await handle.stat();
		if (uid !== 0 && uid !== process.geteuid?.()) {
			throw unsafe(path, `the folder belongs to user ${uid}`);
		}
		// A sticky folder such as /tmp protects names from others than their owner.
		if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) {
			throw unsafe(path, "everybody may change names in this folder");
		}
		return folder;
	} catch (error) {
		await handle.close();
		throw error;
	}
}

/** O_DIRECTORY with O_NOFOLLOW says ENOTDIR for a link as for a file; a person needs to know which. */
async function refusal(above: PinnedFolder, name: string, error: unknown): Promise<string> {
	const target = await readlink(above.entry(name)).catch(() => null);
	if (target !== null) return `it is a symbolic link (to ${target}), and links are not followed`;
	return systemCode(error) === "ENOTDIR" ? "it is not a folder" : fileProblem(error);
}

export function unsafe(path: string, problem: string, cause?: unknown): PathkeeperError {
	return new PathkeeperError("FILE_UNSAFE", { path, problem }, { cause });
}
