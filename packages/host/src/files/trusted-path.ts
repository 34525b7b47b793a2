/**
 * Whether only root, and the user that this process runs as, can change what a path leads to. The daemon takes its
 * settings, its keys and its plugins from files, so that whoever can change one of those is root.
 *
 * Every folder on the way is looked at, before the next name in it: once it is known that nobody else can change names
 * in a folder, what is found there stays. So there is nothing to swap between this look and the use of the file.
 */
import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { posix } from "node:path";
import { messageOf } from "@pathkeeper/model";

export interface TrustOptions {
	/** What the path has to be. */
	readonly kind: "file" | "folder";
	/** Trusted beside root; the user of this process when it is not given. */
	readonly owner?: number;
	/** False: the path itself may be no symbolic link. Those above it are followed, as their folders are looked at. */
	readonly followsLast?: boolean;
}

/** As many as the kernel follows in one path (path_resolution(7)). */
const mostLinks = 40;

/** What is wrong, naming the file or folder; null when nobody else can change it. Absolute paths only. */
export function trustProblem(path: string, options: TrustOptions): string | null {
	const names = namesOf(path);
	let at = "/";
	let links = 0;
	try {
		for (let name = names.shift(); name !== undefined; name = names.shift()) {
			const next = posix.join(at, name);
			const found = lstatSync(next);
			const isLast = names.length === 0;
			if (found.isSymbolicLink() && (!isLast || options.followsLast !== false)) {
				const problem = ownerProblem(next, found, options);
				if (problem !== null) return problem;
				links++;
				if (links > mostLinks) return `${path} leads over more than ${mostLinks} links`;
				const target = readlinkSync(next);
				names.unshift(...namesOf(target));
				if (target.startsWith("/")) at = "/";
				continue;
			}
			const problem = isLast ? lastProblem(next, found, options) : folderProblem(next, found, options);
			if (problem !== null) return problem;
			at = next;
		}
		return null;
	} catch (error) {
		return messageOf(error);
	}
}

/** Whether others than root and the group of this process may change a file, or names in a folder. */
export function isWritableForOthers({ mode, gid }: Pick<Stats, "mode" | "gid">): boolean {
	return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0 && gid !== process.getegid?.());
}

/** `..` stays: it leads up from where a link led to. */
function namesOf(path: string): string[] {
	return path.split("/").filter((name) => name !== "" && name !== ".");
}

function folderProblem(path: string, found: Stats, options: TrustOptions): string | null {
	if (!found.isDirectory()) return `${path} is not a plain folder`;
	const problem = ownerProblem(path, found, options);
	if (problem !== null) return problem;
	// In a sticky folder such as /tmp only the owner of an entry can put another one in its place, and that is looked at.
	const isSticky = (found.mode & 0o1000) !== 0;
	return isWritableForOthers(found) && !isSticky ? `${path} is writable by users other than root` : null;
}

function lastProblem(path: string, found: Stats, options: TrustOptions): string | null {
	const { kind } = options;
	if (kind === "file" ? !found.isFile() : !found.isDirectory()) return `${path} is not a plain ${kind}`;
	return (
		ownerProblem(path, found, options) ??
		(isWritableForOthers(found) ? `${path} is writable by users other than root` : null)
	);
}

function ownerProblem(path: string, { uid }: Stats, { owner }: TrustOptions): string | null {
	if (uid === 0 || uid === (owner ?? process.geteuid?.())) return null;
	return `${path} does not belong to root (uid ${uid})`;
}
