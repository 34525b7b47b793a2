import { defineConfig } from "vitest/config";
import { suitesOfRun } from "./src/index.ts";

/**
 * Installation from the documents' own commands: a file a release, on fresh guests, one after another: what is waited
 * for is a service under a watchdog, and a guest that shares the processor with another may starve it.
 */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: suitesOfRun().map((suite) => `test/install/${suite}.install.test.ts`),
		globalSetup: ["test/plain-guests-of-run.ts"],
		maxWorkers: 1,
		// The steps of a document build on each other: what comes after one that failed says nothing.
		bail: 1,
		testTimeout: 1_200_000,
		hookTimeout: 1_200_000,
	},
});
