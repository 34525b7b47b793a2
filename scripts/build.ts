/**
 * `./dev build`: bundles the product into dist/pathkeeper.mjs, which runs with Node alone; it tells its own manual, and
 * the web page lies beside it.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { buildPage, pageFolder, pageIsOld } from "./build-page.ts";

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

chmodSync("dist/pathkeeper.mjs", 0o755);
for (const [file, command] of [
	["dist/pathkeeper.1", "man"],
	["dist/pathkeeper.bash", "completion"],
] as const)
	writeFileSync(file, execFileSync(process.execPath, ["dist/pathkeeper.mjs", command]));

if (pageIsOld()) await buildPage();
rmSync("dist/page", { recursive: true, force: true });
cpSync(pageFolder, "dist/page", { recursive: true });
