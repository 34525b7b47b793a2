import { expect, test } from "vitest";
import { checkWorkerFile, workerFile } from "../../src/heavy/worker-file.ts";

test("a server without the program of its worker thread is told which file is missing", () => {
	const missing = workerFile("file:///nowhere/pathkeeper.mjs");
	expect(() => checkWorkerFile(missing)).toThrow(/\/nowhere\/pathkeeper-worker\.mjs cannot be read \(ENOENT/);
	expect(() => checkWorkerFile()).not.toThrow();
});
