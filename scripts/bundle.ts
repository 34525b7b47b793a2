import { build, type Plugin } from "esbuild";

/**
 * Bundles the product into `pathkeeper.mjs` in a folder, and beside it the program of its worker thread, which it starts
 * by that name. Both run with Node alone. With a version, that is what the product takes itself for. Gives the files
 * that code was taken from, from the current folder.
 */
export async function bundleProduct(
	folder: string,
	{ version }: { readonly version?: string } = {},
): Promise<readonly string[]> {
	const { metafile } = await build({
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
		metafile: true,
		banner: {
			// Bundled CommonJS dependencies still call require for Node's own modules.
			js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
		},
		plugins: version === undefined ? [] : [stamped(version)],
	});
	const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
	return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

/** Another version than that of the sources, for tests of upgrades. */
function stamped(version: string): Plugin {
	return {
		name: "stamped version",
		setup: ({ onLoad }) =>
			onLoad({ filter: /\/packages\/pathkeeper\/src\/version\.ts$/ }, () => ({
				contents: `export const version = ${JSON.stringify(version)};\n`,
			})),
	};
}
