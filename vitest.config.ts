import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		// Those that need a browser have a run of their own.
		exclude: ["packages/web/test/browser/**", "**/node_modules/**"],
		include: ["packages/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
		// Most of them wait for something most of the time; one worker would leave a machine of two cores idle.
		maxWorkers: "100%",
		// Against what hangs; a machine that has much else to do may need long for the rest.
		expect: { poll: { timeout: 30_000 } },
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
