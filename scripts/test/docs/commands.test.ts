import { expect, test } from "vitest";
import { commandsIn } from "../../docs/commands.ts";

const block = (info: string, ...lines: readonly string[]) => ["```".concat(info), ...lines, "```"].join("\n");

test("gives the lines of each sh block with who runs them and where they stand", () => {
	const text = `# Title\n\n${block("sh run=n1", "one \\", "  two", "", "three")}\n\n${block("text", "output")}\n\n${block("sh run=n2", "four")}\n`;
	expect(commandsIn(text, "a.md")).toEqual([
		{ runner: "n1", lines: ["one \\", "  two", "", "three"], lineNumber: 4 },
		{ runner: "n2", lines: ["four"], lineNumber: 15 },
	]);
});

test("a longer fence may hold a shorter one", () => {
	expect(commandsIn("````text\n```sh\n````\n", "a.md")).toEqual([]);
});

test.each([
	["no runner", block("sh", "true"), "a.md:1: a sh block is 'sh run=NAME'"],
	["a runner that does not exist", block("sh run=nobody", "true"), "a.md:1: a sh block is 'sh run=NAME'"],
	["the name of a property", block("sh run=toString", "true"), "a.md:1: a sh block is 'sh run=NAME'"],
	["two words", block("sh run=n1 run=n2", "true"), "a.md:1: a sh block is 'sh run=NAME'"],
	["another word for sh", block("bash run=n1", "true"), "a.md:1: write sh run=NAME instead of bash"],
	["no language", block("", "true"), "a.md:1: a code block has to name its language"],
	["a block without its end", "text\n```sh run=n1\ntrue", "a.md:2: this code block is not closed"],
	["an indented block", "* a\n  ```sh run=n1", "a.md:2: a code block has to begin at the margin"],
	[
		"pve without a warning",
		`Do:\n\n${block("sh run=pve", "true")}`,
		"a.md:3: the line before a block for pve",
	],
])("refuses %s", (_what, text, problem) => {
	expect(() => commandsIn(text, "a.md")).toThrow(problem);
});

test("takes a block for pve with its warning", () => {
	expect(commandsIn(`Not run in our tests.\n\n${block("sh run=pve", "true")}`, "a.md")).toHaveLength(1);
});
