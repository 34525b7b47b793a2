/**
 * The folder that a demo has to itself, and what is done with one whose demo was killed. In a folder for everybody,
 * such as /tmp, nothing is removed that is not surely a demo's of this user.
 */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trustProblem } from "@pathkeeper/host";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { answers } from "../serve/local-socket.ts";
import { hasEnded, ownerFrom, type ProcessIdentity } from "./process-identity.ts";

const prefix = "pathkeeper-demo-";
const names = /^pathkeeper-demo-[A-Za-z0-9]{6}$/;
/** Beside it a folder of the same name is nobody's demo. */
const ownerFile = "demo-owner.json";
/** A socket's path has at most 107 bytes (`sun_path`); this much is needed below the folder that demos are made in. */
const longestBelow = Buffer.byteLength(`/${prefix}XXXXXX/simulated/n200/run/multipathd.socket`);

/** Where demos are made: the user's folder for temporary files, unless a socket in it would have too long a name. */
export function demoParent(temporary: string): string {
	return Buffer.byteLength(temporary) + longestBelow <= 107 ? temporary : "/tmp";
}

/** A new folder below `parent`, mode 0700, that says whose it is. Throws FOLDER_DENIED. */
export function makeDemoFolder(parent: string, owner: ProcessIdentity): string {
	try {
		const folder = mkdtempSync(join(parent, prefix));
		writeFileSync(join(folder, ownerFile), `${JSON.stringify({ pathkeeperDemo: 1, ...owner })}\n`, {
			mode: 0o600,
			flag: "wx",
		});
		return folder;
	} catch (error) {
		throw new PathkeeperError(
			"DEMO_FOLDER_DENIED",
			{ path: parent, problem: messageOf(error) },
			{ cause: error },
		);
	}
}

/** Removes it with all that is in it. */
export function removeDemoFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** The local socket of a demo. */
export function demoSocket(folder: string): string {
	return join(folder, "api.sock");
}

/**
 * Removes the folders that killed demos of this user left below `parent`, and gives their paths. One stays unless it
 * belongs to this user, nobody else can change it, it names the process it was made by, that process has ended, and
 * nobody answers on its socket.
 */
export async function removeStaleDemos(parent: string, here: ProcessIdentity): Promise<readonly string[]> {
	const removed: string[] = [];
	for (const name of namesIn(parent)) {
		const folder = join(parent, name);
		if (!isOurs(folder)) continue;
		const owner = ownerOf(folder);
		if (owner === null || !hasEnded(owner, here) || (await answers(demoSocket(folder)))) continue;
		try {
			removeDemoFolder(folder);
			removed.push(folder);
		} catch {
			// The next demo tries again.
		}
	}
	return removed;
}

function namesIn(parent: string): readonly string[] {
	try {
		return readdirSync(parent).filter((name) => names.test(name));
	} catch {
		return [];
	}
}

/** A real folder of this user that nobody else can change, and so is the file in it that names its process. */
function isOurs(folder: string): boolean {
	const file = join(folder, ownerFile);
	return (
		trustProblem(folder, { kind: "folder", followsLast: false }) === null &&
		trustProblem(file, { kind: "file", followsLast: false }) === null &&
		// That check trusts what belongs to root as well.
		[folder, file].every((path) => lstatSync(path).uid === process.geteuid?.())
	);
}

function ownerOf(folder: string): ProcessIdentity | null {
	try {
		const document: unknown = JSON.parse(readFileSync(join(folder, ownerFile), "utf8"));
		return document instanceof Object && "pathkeeperDemo" in document && document.pathkeeperDemo === 1
			? ownerFrom(document)
			: null;
	} catch {
		return null;
	}
}
