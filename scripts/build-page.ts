/** Builds the web page into packages/web/dist/page; with `--if-needed` only when it is older than its sources. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const web = join(import.meta.dirname, "../packages/web");
/** Where the built page is. */
export const pageFolder = join(web, "dist/page");
const built = join(pageFolder, "index.html");
const sources = [
	join(web, "src"),
	join(web, "public"),
	join(web, "index.html"),
	join(web, "package.json"),
	join(web, "../model/src"),
	import.meta.filename,
];

/** Builds the page as it is shipped, into `folder`. Gives the files that code was taken from. */
export async function buildPage(folder = pageFolder): Promise<readonly string[]> {
	const { NODE_ENV } = process.env;
	// A run of tests has another word there, by which React would come as its large and slow variant for development.
	process.env["NODE_ENV"] = "production";
	try {
		return await build(folder);
	} finally {
		if (NODE_ENV === undefined) delete process.env["NODE_ENV"];
		else process.env["NODE_ENV"] = NODE_ENV;
	}
}

async function build(folder: string): Promise<readonly string[]> {
	const vite = await import("vite");
	const built = await vite.build({
		root: web,
		configFile: false,
		// The component kit is full of directives that mean nothing here, and each would be a warning.
		logLevel: "error",
		build: {
			outDir: folder,
			emptyOutDir: true,
			target: "es2022",
			modulePreload: { polyfill: false },
			reportCompressedSize: false,
			// An inlined asset would be a data: address, which the page's policy does not load.
			assetsInlineLimit: 0,
		},
	});
	if ("close" in built) throw new Error("vite watches instead of building");
	const chunks = [built].flat().flatMap(({ output }) => output.filter((part) => part.type === "chunk"));
	return chunks.flatMap(({ moduleIds }) => moduleIds);
}

/** True when there is no page, or one of its sources is newer. */
export function pageIsOld(): boolean {
	if (!existsSync(built)) return true;
	const at = statSync(built).mtimeMs;
	return sources.some((source) => newest(source) > at);
}

function newest(path: string): number {
	const here = statSync(path);
	if (!here.isDirectory()) return here.mtimeMs;
	const names = readdirSync(path, { recursive: true, encoding: "utf8" });
	return Math.max(here.mtimeMs, ...names.map((name) => statSync(join(path, name)).mtimeMs));
}

if (import.meta.main && (!process.argv.includes("--if-needed") || pageIsOld())) await buildPage();
