import { defineConfig } from "vitest/config";
import { suitesOfRun } from "./src/index.ts";

/**
 * End-to-end tests: a file a release, and as many at a time as the machine has cores for their guests, which have one
 * each. What is in a file runs in its order: the tests of one shared guest build on each other.
 */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: suitesOfRun().map((suite) => `test/${suite}.e2e.test.ts`),
		globalSetup: ["test/guests-of-run.ts"],
		maxWorkers: 2,
		testTimeout: 400_000,
		hookTimeout: 600_000,
	},
});
