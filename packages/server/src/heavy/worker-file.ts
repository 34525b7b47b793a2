import { accessSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";
import { messageOf, PathkeeperError } from "@pathkeeper/model";

/** Name of the worker's bundle beside the release bundle; `scripts/build.ts` makes it. */
const bundled = "pathkeeper-worker.mjs";

/** The program of the worker thread: its source when this runs from the sources, else its bundle beside ours. */
export function workerFile(here: string = import.meta.url): URL {
	return new URL(here.endsWith(".ts") ? "./worker.ts" : `./${bundled}`, here);
}

/** Throws WORKER_FILE_MISSING when the program of the worker thread is not there or cannot be read. */
export function checkWorkerFile(file: URL = workerFile()): void {
	const path = fileURLToPath(file);
	try {
		accessSync(path, constants.R_OK);
	} catch (error) {
		const values = { path, problem: messageOf(error) };
		throw new PathkeeperError("WORKER_FILE_MISSING", values, { cause: error });
	}
}
