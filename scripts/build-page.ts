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

/** Builds the page as it is shipped. */
export async function buildPage(): Promise<void> {
	const { NODE_ENV } = process.env;
	// A run of tests has another word there, by which React would come as its large and slow variant for development.
	process.env["NODE_ENV"] = "production";
	try {
		await build();
	} finally {
		if (NODE_ENV === undefined) delete process.env["NODE_ENV"];
		else process.env["NODE_ENV"] = NODE_ENV;
	}
}

async function build(): Promise<void> {
	const vite = await import("vite");
	await vite.build({
		root: web,
		configFile: false,
		// The component kit is full of directives that mean nothing here, and each would be a warning.
		logLevel: "error",
		build: {
			outDir: "dist/page",
			emptyOutDir: true,
			target: "es2022",
			modulePreload: { polyfill: false },
			reportCompressedSize: false,
			// An inlined asset would be a data: address, which the page's policy does not load.
			assetsInlineLimit: 0,
		},
	});
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
