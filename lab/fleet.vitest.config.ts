import { defineConfig } from "vitest/config";

/** The fleet's end-to-end test, apart from the releases' own: its four guests take all the processors there are. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["test/fleet.e2e.test.ts"],
		globalSetup: ["test/guests-of-run.ts"],
		testTimeout: 600_000,
		hookTimeout: 1_200_000,
	},
});
