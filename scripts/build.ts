/** `./dev build`: bundles the product into dist/pathkeeper.mjs, which runs with Node alone. */
import { build } from "esbuild";

await build({
	entryPoints: ["packages/pathkeeper/src/main.ts"],
	outfile: "dist/pathkeeper.mjs",
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node24",
	legalComments: "linked",
	banner: {
		// Bundled CommonJS dependencies still call require for Node's own modules.
		js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
	},
});
