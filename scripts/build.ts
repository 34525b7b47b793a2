/**
 * `./dev build`: bundles the product into dist/pathkeeper.mjs, which runs with Node alone; the program of its worker
 * thread and the web page lie beside it, and it tells its own manual.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { buildPage, pageFolder, pageIsOld } from "./build-page.ts";
import { bundleProduct } from "./bundle.ts";

await bundleProduct("dist");

chmodSync("dist/pathkeeper.mjs", 0o755);
for (const [file, command] of [
	["dist/pathkeeper.1", "man"],
	["dist/pathkeeper.bash", "completion"],
] as const)
	writeFileSync(file, execFileSync(process.execPath, ["dist/pathkeeper.mjs", command]));

if (pageIsOld()) await buildPage();
rmSync("dist/page", { recursive: true, force: true });
cpSync(pageFolder, "dist/page", { recursive: true });
