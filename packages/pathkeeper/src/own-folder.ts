import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, PathkeeperError } from "@pathkeeper/model";

/**
 * Makes a folder of the daemon's own, mode 0700, unless it is there. Folders above it may be entered by others: another
 * user's daemon may have its folder beside. Throws FOLDER_DENIED where it may not write.
 */
export function makeOwnFolder(path: string): void {
	const before = process.umask(0o022);
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
		mkdirSync(path, { recursive: true, mode: 0o700 });
		accessSync(path, constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new PathkeeperError("FOLDER_DENIED", { path, problem: messageOf(error) }, { cause: error });
	} finally {
		process.umask(before);
	}
}
