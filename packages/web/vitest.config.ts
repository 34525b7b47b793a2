import { defineConfig } from "vitest/config";

/** The page in a browser: one file at a time, for a browser and a fleet are work enough for a small machine. */
export default defineConfig({
	test: {
		include: ["packages/web/test/browser/**/*.test.ts"],
		fileParallelism: false,
		// Only ends a test that hangs.
		expect: { poll: { timeout: 60_000 } },
		testTimeout: 240_000,
		hookTimeout: 120_000,
	},
});
