import { build } from "esbuild";

/**
 * Bundles the product into `pathkeeper.mjs` in a folder, and beside it the program of its worker thread, which it starts
 * by that name. Both run with Node alone.
 */
export async function bundleProduct(folder: string): Promise<void> {
	await build({
		// The worker thread's program lies beside the product's, which starts it by this name.
		entryPoints: {
			pathkeeper: "packages/pathkeeper/src/main.ts",
			"pathkeeper-worker": "packages/server/src/heavy/worker.ts",
		},
		outdir: folder,
		outExtension: { ".js": ".mjs" },
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
}
