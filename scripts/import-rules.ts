/**
 * Which workspace may import which, by the names of packages and of their further entries: the one table behind package.json dependencies, TypeScript project references
 * and the import lines of the sources. `checkImportRules` compares all three with it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const allowedImports: Readonly<Record<string, readonly string[]>> = {
	model: [],
	store: ["model"],
	host: ["model"],
	simulator: ["model", "host", "host/parts"],
	volumes: ["model", "host"],
	agent: ["model", "store", "host", "volumes"],
	server: ["model", "store"],
	cli: ["model"],
	web: ["model"],
	pathkeeper: [
		"model",
		"store",
		"host",
		"host/parts",
		"simulator",
		"volumes",
		"agent",
		"server",
		"cli",
		"web",
	],
};

/** Packages whose code runs in a browser too, so that no `node:` module may appear in it. */
const withoutNode = ["model", "web"];

const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'`]([^"'`]+)["'`]/g;

/** Every breach of the table below `root`, one line each. Reads files only. */
export function checkImportRules(root: string): string[] {
	const packages = readdirSync(join(root, "packages")).filter((name) => name in allowedImports);
	return packages.flatMap((name) => {
		const folder = join(root, "packages", name);
		const allowed = allowedImports[name] ?? [];
		return [
			...declared(folder).map((other) => [other, `packages/${name}/package.json depends on`] as const),
			...referenced(folder).map((other) => [other, `packages/${name}/tsconfig.json references`] as const),
			...imported(folder).map(([file, other]) => [other, `packages/${name}/${file} imports`] as const),
		]
			.filter(([other]) =>
				other.startsWith("node:") ? withoutNode.includes(name) : !allowed.includes(other),
			)
			.map(
				([other, where]) =>
					`${where} ${other}; ${name} may import: ${allowed.join(", ") || "nothing of ours"}`,
			);
	});
}

function declared(folder: string): string[] {
	const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	const dependencies = manifest instanceof Object && "dependencies" in manifest ? manifest.dependencies : {};
	return Object.keys(dependencies ?? {}).flatMap(ourName);
}

function referenced(folder: string): string[] {
	const text = readFileSync(join(folder, "tsconfig.json"), "utf8");
	return [...text.matchAll(/"path":\s*"\.\.\/([^"]+)"/g)].map((match) => match[1] ?? "");
}

function imported(folder: string): [file: string, other: string][] {
	const files = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" });
	return files
		.filter((file) => /\.tsx?$/.test(file))
		.flatMap((file) => {
			const text = readFileSync(join(folder, "src", file), "utf8");
			const modules = [...text.matchAll(importPattern)].map((match) => match[1] ?? "");
			return modules
				.flatMap((module) => (module.startsWith("node:") ? [module] : [...ourName(module), ...deep(module)]))
				.map((other): [string, string] => [`src/${file}`, other]);
		});
}

function ourName(module: string): string[] {
	return module.startsWith("@pathkeeper/") ? [module.slice("@pathkeeper/".length)] : [];
}

/** A relative import that leaves its package. */
function deep(module: string): string[] {
	return module.includes("../packages/") || /(?:\.\.\/)+[a-z]+\/src\//.test(module) ? [module] : [];
}
