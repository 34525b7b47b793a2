import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		// Those that need a browser have a run of their own.
		exclude: ["packages/web/test/browser/**", "**/node_modules/**"],
		include: ["packages/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
		// Most of them wait for something most of the time; one worker would leave a machine of two cores idle.
		maxWorkers: "100%",
		// These only end a test that hangs: on a busy machine everything else may take long, too.
		expect: { poll: { timeout: 60_000 } },
		testTimeout: 180_000,
		hookTimeout: 180_000,
	},
});
