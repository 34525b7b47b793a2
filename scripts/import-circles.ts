/**
 * Finds files that import each other in a circle. Imports of types count too: the compiler drops them, but a reader has
 * to go round the circle to understand either file. A circle mostly means that one type is in the wrong file.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}\/[^"']+)["']/g;
const skippedFolders: ReadonlySet<string> = new Set(["node_modules", "dist"]);

/**
 * The circles between the TypeScript files below `root`, one line each: `a.ts -> b.ts -> a.ts`, with paths relative to
 * `root`. For each file in a circle the shortest one is given; a circle that several files have in common is given once.
 */
export function importCircles(root: string): string[] {
	const imports = new Map(sourcesIn(root).map((file) => [relative(root, file), importsOf(root, file)]));
	const circles = [...imports.keys()].map((file) => circleThrough(file, imports));
	return [...new Set(circles.filter((circle) => circle !== null).map(lineOf))].sort();
}

function sourcesIn(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory())
			return skippedFolders.has(entry.name) || entry.name.startsWith(".") ? [] : sourcesIn(path);
		return entry.isFile() && /\.tsx?$/.test(entry.name) ? [path] : [];
	});
}

function importsOf(root: string, file: string): string[] {
	const modules = [...readFileSync(file, "utf8").matchAll(importPattern)].map((match) => match[1] ?? "");
	return modules.map((module) => relative(root, join(dirname(file), module)));
}

/** The shortest way from a file back to itself, without its end; null when there is none. */
function circleThrough(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | null {
	const cameFrom = new Map<string, string>();
	const queue = [start];
	for (const file of queue) {
		for (const next of imports.get(file) ?? []) {
			if (next === start) return wayTo(file, cameFrom);
			if (cameFrom.has(next)) continue;
			cameFrom.set(next, file);
			queue.push(next);
		}
	}
	return null;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
	const way: string[] = [];
	for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
	return way;
}

/** A circle has no beginning: its line starts with the file that is first by name. */
function lineOf(circle: readonly string[]): string {
	const first = circle.reduce((least, file, at) => (file < (circle[least] ?? file) ? at : least), 0);
	const turned = [...circle.slice(first), ...circle.slice(0, first)];
	return [...turned, turned[0]].join(" -> ");
}
