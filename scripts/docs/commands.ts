/**
 * The commands of a document: what stands in its `sh` blocks, with who runs them. A block looks like
 *
 *     ```sh run=one-host
 *     pathkeeper status
 *     ```
 *
 * Its lines are commands only, without prompts and without output; output has blocks of the language `text`.
 */
import { readFileSync } from "node:fs";
import { isRunner, type Runner, runners } from "./runners.ts";

export interface CommandBlock {
	readonly runner: Runner;
	/** As they stand there; one that ends with a backslash goes on in the next. */
	readonly lines: readonly string[];
	/** Of the first line in `lines`, 1-based. */
	readonly lineNumber: number;
}

/** The blocks of the document at `path`, in their order. Throws as `commandsIn` does. */
export function documentCommands(path: string): readonly CommandBlock[] {
	return commandsIn(readFileSync(path, "utf8"), path);
}

/**
 * Throws an Error with place and reason for a `sh` block without `run=NAME` or with a name that nobody runs, for a
 * block for `pve` without its warning before it, for a block that is not closed, and for one that is indented.
 */
export function commandsIn(text: string, path: string): readonly CommandBlock[] {
	const blocks: CommandBlock[] = [];
	const lines = text.split("\n");
	let open: { readonly fence: string; readonly info: string; readonly at: number } | null = null;
	for (const [at, line] of lines.entries()) {
		const [, indent = "", fence, info = ""] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
		if (open === null) {
			if (fence === undefined) continue;
			if (indent !== "") throw wrong(path, at, "a code block has to begin at the margin");
			open = { fence, info: info.trim(), at };
		} else if (line.trimEnd() === open.fence) {
			const runner = runnerOf(open.info, lines.slice(0, open.at), (why) => wrong(path, open?.at ?? at, why));
			if (runner !== null)
				blocks.push({ runner, lines: lines.slice(open.at + 1, at), lineNumber: open.at + 2 });
			open = null;
		}
	}
	if (open !== null) throw wrong(path, open.at, "this code block is not closed");
	return blocks;
}

/** Null for a block that holds no commands. */
function runnerOf(info: string, before: readonly string[], wrongHere: (why: string) => Error): Runner | null {
	const [language = "", ...words] = info.split(/\s+/);
	if (language === "") throw wrongHere("a code block has to name its language: sh run=NAME, text, ini, …");
	if (/^(?:bash|shell|console)$/.test(language)) throw wrongHere(`write sh run=NAME instead of ${language}`);
	if (language !== "sh") return null;
	const [word = "", ...more] = words;
	const name = word.startsWith("run=") && more.length === 0 ? word.slice("run=".length) : "";
	if (!isRunner(name))
		throw wrongHere(`a sh block is 'sh run=NAME', with a NAME of ${Object.keys(runners).join(", ")}`);
	const warning = before.findLast((line) => line.trim() !== "") ?? "";
	if (name === "pve" && !warning.includes("Not run in our tests."))
		throw wrongHere("the line before a block for pve has to say 'Not run in our tests.'");
	return name;
}

function wrong(path: string, at: number, why: string): Error {
	return new Error(`${path}:${at + 1}: ${why}`);
}
