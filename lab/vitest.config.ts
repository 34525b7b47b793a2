import { defineConfig } from "vitest/config";
import { installSuitesOfRun, suitesOfRun } from "./src/index.ts";

const installed = installSuitesOfRun();

/**
 * End-to-end tests: a file a release, and one for each installation from the documents. As many run at a time as the
 * machine has cores for their guests, which have one each. What is in a file runs in its order: the tests of one guest
 * build on each other.
 */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: [
			...suitesOfRun().map((suite) => `test/${suite}.e2e.test.ts`),
			...installed.map((suite) => `test/install/${suite}.install.test.ts`),
		],
		globalSetup: ["test/guests-of-run.ts", ...(installed.length > 0 ? ["test/plain-guests-of-run.ts"] : [])],
		maxWorkers: 2,
		testTimeout: 400_000,
		hookTimeout: 600_000,
	},
});
