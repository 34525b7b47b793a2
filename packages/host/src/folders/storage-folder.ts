/**
 * The way to the folder of a storage, and into it. Both hold each folder by a descriptor before they step on, as
 * files/pinned-folder.ts explains, but trust differently. Above the storage and at its name only root decides, so that
 * a symbolic link there is root's word and is followed. Inside anybody may decide, so that no link is followed.
 */
import { constants } from "node:fs";
import { posix } from "node:path";
import { isSystemFolder, PathkeeperError } from "@pathkeeper/model";
import { fileProblem, systemCode } from "../files/file-problem.ts";
import { PinnedFolder } from "../files/pinned-folder.ts";
import { isWritableForOthers } from "../files/trusted-path.ts";
import { type FileCalls, oPath } from "./file-calls.ts";

const folderFlags = oPath | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** As many as the kernel follows in one path (path_resolution(7)). */
const mostLinks = 40;

export interface WalkOptions {
	/** Make what is missing, mode 0755. */
	readonly create: boolean;
	/** Throws when the call was given up; asked before anything is made. */
	readonly check: () => void;
}

/** The folder of a storage, as `openFolder` gives it. Throws FOLDER_UNSAFE when it is a folder of the system as well. */
export async function openStorage(
	calls: FileCalls,
	root: string,
	storage: string,
	options: WalkOptions,
): Promise<PinnedFolder | null> {
	if (isSystemFolder(storage)) throw ofSystem(storage, "it");
	const found = await openFolder(calls, root, storage, options);
	if (found === null || !isSystemFolder(found.path)) return found;
	await found[Symbol.asyncDispose]();
	throw ofSystem(storage, `it leads to ${found.path}, which`);
}

function ofSystem(storage: string, what: string): PathkeeperError {
	return unsafe(storage, `${what} is a system folder; keep volumes in a folder of their own`);
}

/**
 * Opens a folder below `root`, the top of the host's file tree, over links of root's. Its `path` is without them. Null
 * when it is not there. Throws FOLDER_UNSAFE when others than root could put another folder in its place.
 */
export async function openFolder(
	calls: FileCalls,
	root: string,
	storage: string,
	options: WalkOptions,
): Promise<PinnedFolder | null> {
	const top = async () => new PinnedFolder("/", await calls.open(root, oPath | constants.O_DIRECTORY));
	const names = namesOf(storage);
	let links = 0;
	let held: PinnedFolder | null = await top();
	try {
		for (let name = names.shift(); name !== undefined; name = names.shift()) {
			if (name === "..") {
				if (held.path === "/") continue;
				const above = held.path.slice(0, Math.max(held.path.lastIndexOf("/"), 1));
				held = await instead(held, new PinnedFolder(above, await calls.open(held.entry(".."), folderFlags)));
				continue;
			}
			if (held.path !== "/") await checkParent(held, storage);
			let next = await step(calls, held, name, { ...options, create: false });
			if (next === null) {
				if (!options.create) return null;
				// Nothing is below what is missing, no link either: this is where the folder will be.
				const made = posix.join(held.path, name, ...names);
				if (isSystemFolder(made))
					throw ofSystem(storage, made === storage ? "it" : `it leads to ${made}, which`);
				next = await step(calls, held, name, options);
				if (next === null) return null;
			}
			if (typeof next !== "string") {
				held = await instead(held, next);
				continue;
			}
			links++;
			if (links > mostLinks) throw unsafe(storage, `its path leads over more than ${mostLinks} links`);
			names.unshift(...next.split("/").filter((part) => part !== "" && part !== "."));
			if (next.startsWith("/")) held = await instead(held, await top());
		}
		const found = held;
		held = null;
		return found;
	} finally {
		await held?.[Symbol.asyncDispose]();
	}
}

/** Opens a folder inside of a storage; null when it is not there. Throws FOLDER_UNSAFE when a link is on the way. */
export async function openInside(
	calls: FileCalls,
	storage: PinnedFolder,
	inside: string,
	options: WalkOptions,
): Promise<PinnedFolder | null> {
	const names = namesOf(inside);
	let held = new PinnedFolder(storage.path, await calls.open(storage.all, oPath | constants.O_DIRECTORY));
	for (const name of names) {
		await using above = held;
		const next = await step(calls, above, name, options);
		if (next === null) return null;
		if (typeof next === "string")
			throw unsafe(
				`${above.path}/${name}`,
				`it is a symbolic link (to ${next}), and links inside a storage are not followed; mount the other folder there instead`,
			);
		held = next;
	}
	return held;
}

export function unsafe(path: string, problem: string, cause?: unknown): PathkeeperError {
	return new PathkeeperError("FOLDER_UNSAFE", { path, problem }, { cause });
}

/** The next folder, the target of a link in its place, or null for nothing. */
async function step(
	calls: FileCalls,
	above: PinnedFolder,
	name: string,
	{ create, check }: WalkOptions,
): Promise<PinnedFolder | string | null> {
	const path = above.path === "/" ? `/${name}` : `${above.path}/${name}`;
	check();
	try {
		return new PinnedFolder(path, await calls.open(above.entry(name), folderFlags));
	} catch (error) {
		// O_DIRECTORY with O_NOFOLLOW gives ENOTDIR for a link as for a file.
		if (systemCode(error) === "ENOTDIR") {
			const target = await calls.readlink(above.entry(name)).catch(() => null);
			if (target === null) throw unsafe(path, "it is not a folder", error);
			return target;
		}
		if (systemCode(error) !== "ENOENT") throw error;
		if (!create) return null;
	}
	check();
	try {
		await calls.mkdir(above.entry(name), 0o755);
	} catch (error) {
		// Another process may have made it first, and rightly so.
		if (systemCode(error) !== "EEXIST")
			throw new PathkeeperError("FILE_UNREADABLE", { path, problem: fileProblem(error) }, { cause: error });
	}
	return await step(calls, above, name, { create: false, check });
}

async function instead(held: PinnedFolder, next: PinnedFolder): Promise<PinnedFolder> {
	await held[Symbol.asyncDispose]();
	return next;
}

/**
 * A folder with the sticky bit, such as /tmp, is refused as well: whoever owns an entry there may put another one in its
 * place, and anybody may make the entry before the administrator does.
 */
async function checkParent(folder: PinnedFolder, storage: string): Promise<void> {
	const problem = parentProblem(await folder.stat());
	if (problem === null) return;
	throw unsafe(
		storage,
		`${folder.path} above it ${problem}, so others than root could put another folder in its place; chown it to root and chmod go-w it, or choose a folder elsewhere`,
	);
}

function parentProblem({
	uid,
	gid,
	mode,
}: {
	readonly uid: number;
	readonly gid: number;
	readonly mode: number;
}): string | null {
	if (uid !== 0 && uid !== process.geteuid?.()) return `belongs to user ${uid}`;
	if (!isWritableForOthers({ mode, gid })) return null;
	return (mode & 0o002) !== 0 ? "is writable for everybody" : `is writable for group ${gid}`;
}

function namesOf(path: string): string[] {
	const names = path.split("/").filter((name) => name !== "");
	if (names.includes("..") || names.includes(".") || path.includes("\0"))
		throw unsafe(path, "the path holds '.', '..' or a NUL");
	return names;
}
