import { defineConfig } from "vitest/config";

/** End-to-end tests: one file after another, since they share guests and the machine has few cores. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["test/**/*.e2e.test.ts"],
		globalSetup: ["test/guests-of-run.ts"],
		fileParallelism: false,
		testTimeout: 400_000,
		hookTimeout: 600_000,
	},
});
