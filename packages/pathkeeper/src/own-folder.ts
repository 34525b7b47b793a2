import { accessSync, constants, mkdirSync } from "node:fs";
import { messageOf, PathkeeperError } from "@pathkeeper/model";

/** Makes a folder of the daemon's own, mode 0700, unless it is there. Throws FOLDER_DENIED where it may not write. */
export function makeOwnFolder(path: string): void {
	try {
		mkdirSync(path, { recursive: true, mode: 0o700 });
		accessSync(path, constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new PathkeeperError("FOLDER_DENIED", { values: { path, problem: messageOf(error) }, cause: error });
	}
}
