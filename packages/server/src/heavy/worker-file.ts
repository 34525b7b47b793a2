/** Name of the worker's bundle beside the release bundle; `scripts/build.ts` makes it. */
const bundled = "pathkeeper-worker.mjs";

/** The program of the worker thread: its source when this runs from the sources, else its bundle beside ours. */
export function workerFile(here: string = import.meta.url): URL {
	return new URL(here.endsWith(".ts") ? "./worker.ts" : `./${bundled}`, here);
}
