import { isBlank } from "./blanks.ts";
import type { SectionName, SectionValue } from "./document.ts";

/**
 * What the grammar can carry. It has no escapes, so a value with a line end in it would become lines of its own:
 * keys and sections that nobody checked.
 */

const namePattern = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** Every control character but the tab, the line separators of Unicode, and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const unwritable = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/;

/** What is wrong with a section's type or id, or null. */
export function sectionNameProblem(name: SectionName): string | null {
	if (!namePattern.test(name.type)) return "invalid format - section type is not a plain word";
	if (name.id === "") return "invalid format - section id is empty";
	if (/\s/.test(name.id)) return "invalid format - section id contains a blank";
	return textProblem(name.id);
}

/** What is wrong with keys and their values, by key; empty when all of them can be written. */
export function entryProblems(
	entries: readonly (readonly [string, SectionValue])[],
): Readonly<Record<string, string>> {
	const problems = new Map<string, string>();
	const seen = new Set<string>();
	for (const [key, value] of entries) {
		const problem = namePattern.test(key) ? valueProblem(value) : "invalid format - key is not a plain word";
		if (problem !== null) problems.set(key, problem);
		else if (seen.has(key)) problems.set(key, "key is given twice");
		seen.add(key);
	}
	return Object.fromEntries(problems);
}

/** What is wrong with a value, or null: it must come back as it was after writing and reading. */
export function valueProblem(value: SectionValue): string | null {
	if (value === null) return null;
	if (typeof value !== "string") {
		if (value.length === 0) return "invalid format - list is empty";
		return value.map(valueProblem).find((problem) => problem !== null) ?? null;
	}
	if (value === "") return "invalid format - value is empty";
	if (isBlank(value[0]) || isBlank(value.at(-1))) {
		return "invalid format - value begins or ends with a blank";
	}
	return textProblem(value);
}

function textProblem(text: string): string | null {
	if (text.includes("\n") || text.includes("\r")) return "invalid format - line end in value";
	if (unwritable.test(text)) return "invalid format - control character in value";
	return text.isWellFormed() ? null : "invalid format - text is not valid Unicode";
}
