import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** Where multipath-tools is installed when PATH does not say: a user's PATH often has no sbin. */
const usualFolders = ["/sbin", "/usr/sbin", "/usr/bin"];

/** A program on disk, as it is now: the mark changes when another version is installed. */
export interface InstalledProgram {
	readonly path: string;
	readonly mark: string;
}

/** Finds an executable in the absolute folders of PATH, then in the usual ones; null when it is nowhere. */
export async function findProgram(name: string, path: string): Promise<InstalledProgram | null> {
	const folders = [...path.split(":").filter((folder) => isAbsolute(folder)), ...usualFolders];
	for (const folder of new Set(folders)) {
		const candidate = join(folder, name);
		try {
			await access(candidate, constants.X_OK);
			const { ino, size, mtimeMs, isFile } = await describe(candidate);
			if (isFile) return { path: candidate, mark: `${ino} ${size} ${mtimeMs}` };
		} catch {
			// not here
		}
	}
	return null;
}

async function describe(
	path: string,
): Promise<{ ino: number; size: number; mtimeMs: number; isFile: boolean }> {
	const found = await stat(path);
	return { ino: found.ino, size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}
