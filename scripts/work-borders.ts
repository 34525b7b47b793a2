/**
 * What travels as a task is typed by the table of tasks (`packages/model/src/tasks`) on every border that it crosses, so
 * no value of an unknown form may be declared there. Only what is thrown is unknown.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders whose files carry tasks, and which of their files do. */
const borders: readonly (readonly [folder: string, files: RegExp])[] = [
	["packages/store/src/documents", /^tasks?(?:-.*)?\.ts$/],
	["packages/agent/src/work", /\.ts$/],
	["packages/server/src/tasks", /\.ts$/],
	["packages/server/src/questions", /\.ts$/],
];

/** Every declaration of an unknown form on a border below `root`, one line each. Reads files only. */
export function checkWorkBorders(root: string): string[] {
	return borders.flatMap(([folder, pattern]) => {
		const files = readdirSync(join(root, folder)).filter((file) => pattern.test(file));
		if (files.length === 0) return [`${folder} has no file of work any more; name its new place`];
		return files.flatMap((file) =>
			unknownLines(readFileSync(join(root, folder, file), "utf8")).map(
				(line) => `${folder}/${file}:${line} holds an unknown form; type it by the table of tasks`,
			),
		);
	});
}

/** Numbers of the lines, from 1 on, whose code has a form that nobody knows. */
function unknownLines(text: string): number[] {
	return withoutWords(text)
		.split("\n")
		.flatMap((line, at) => (/\bunknown\b|\bType\.(?:Unknown|Any)\b/.test(line) ? [at + 1] : []));
}

/** The code alone: comments and texts blanked, line for line, and with them what is thrown. */
function withoutWords(text: string): string {
	const blank = (found: string) => found.replace(/[^\n]/g, " ");
	return text
		.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, blank)
		.replace(/\b(?:error|reason): unknown\b/g, blank);
}
