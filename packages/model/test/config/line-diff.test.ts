import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines } from "../../src/config/line-diff.ts";

/** Applies a unified diff, strictly. */
function patch(text: string, diff: string): string {
	if (diff === "") return text;
	const source = text.split(/(?<=\n)/).filter((line) => line !== "");
	const result: string[] = [];
	let at = 0;
	const lines = diff.split(/(?<=\n)/).slice(2);
	for (const [index, line] of lines.entries()) {
		const bare = lines[index + 1]?.startsWith("\\") === true ? line.slice(1, -1) : line.slice(1);
		const hunk = /^@@ -(\d+)(?:,(\d+))? \+/.exec(line);
		if (hunk !== null) {
			const start = Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1);
			result.push(...source.slice(at, start));
			at = start;
		} else if (line.startsWith("+")) {
			result.push(bare);
		} else if (!line.startsWith("\\")) {
			expect(source[at]).toBe(bare);
			if (line.startsWith(" ")) result.push(bare);
			at += 1;
		}
	}
	return [...result, ...source.slice(at)].join("");
}

describe("the diff of two texts", () => {
	test("is empty when they are equal", () => {
		expect(diffLines("a\nb\n", "a\nb\n")).toBe("");
	});

	test("shows a change with three lines around it", () => {
		const a = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
		expect(diffLines(a, a.replace("5", "five"), { from: "old", to: "new" })).toBe(
			"--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
		);
	});

	test("joins changes that are near and parts those that are not", () => {
		const a = Array.from({ length: 40 }, (_, index) => `${index}\n`);
		const near = diffLines(a.join(""), a.with(10, "x\n").with(17, "y\n").join(""));
		expect(near.match(/^@@/gm)).toHaveLength(1);
		const far = diffLines(a.join(""), a.with(10, "x\n").with(18, "y\n").join(""));
		expect(far.match(/^@@/gm)).toHaveLength(2);
	});

	test("of a new file and of a removed one counts as GNU diff does", () => {
		expect(diffLines("", "a\nb\n")).toBe("--- a\n+++ b\n@@ -0,0 +1,2 @@\n+a\n+b\n");
		expect(diffLines("a\n", "")).toBe("--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n");
	});

	test("tells a missing end of the last line", () => {
		expect(diffLines("a", "a\n")).toBe("--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
	});

	test("is the shortest there is", () => {
		const changed = diffLines("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n").match(/^[-+](?![-+])/gm);
		expect(changed).toHaveLength(5);
	});

	test("turns the one into the other", () => {
		const lines = fc
			.array(fc.constantFrom("a\n", "b\n", "c\n", "\n", " d\n", "-e\n", "@@\n"), { maxLength: 25 })
			.map((parts) => parts.join(""));
		const text = fc.oneof(
			lines,
			fc.tuple(lines, fc.constantFrom("x", "", "\r")).map((parts) => parts.join("")),
		);
		fc.assert(
			fc.property(text, text, fc.nat(4), (a, b, context) => {
				expect(patch(a, diffLines(a, b, { context }))).toBe(b);
			}),
			{ numRuns: 10_000 },
		);
	});

	test("of texts without a line in common is told as a replacement", () => {
		const a = Array.from({ length: 3000 }, (_, index) => `a${index}\n`).join("");
		const b = Array.from({ length: 3000 }, (_, index) => `b${index}\n`).join("");
		expect(patch(a, diffLines(a, b))).toBe(b);
	});
});
