import { defineConfig } from "vitest/config";

/** The installation of a fleet: its four guests take all the processors there are. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["test/install/fleet.install.test.ts"],
		globalSetup: ["test/plain-guests-of-run.ts", "test/san-of-run.ts"],
	},
});
