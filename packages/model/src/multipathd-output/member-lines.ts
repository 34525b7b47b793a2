import type { JsonScalar } from "./json-text.ts";
import type { Members } from "./maps-json-members.ts";

export interface LineForm {
	/** In the order of the lines. */
	readonly names: readonly string[];
	/** Those that are bare numbers; the others are strings. */
	readonly numbers: readonly string[];
	/** Blanks before each line. */
	readonly indent: number;
}

/**
 * The member lines of one kind of object as multipathd prints them: each on a line of its own, at one indent, in one
 * order (multipath-tools libmultipath/print.h PRINT_JSON_*). A release that does not know a member leaves its line
 * out. All lines of an object are one regular expression: an engine made for that reads them many times faster than
 * a program line by line. It is linear in the text, for a member begins and ends with its line.
 */
export class MemberLines implements Members {
	readonly #lines: RegExp;
	readonly #places: ReadonlyMap<string, number>;
	readonly #numbers: ReadonlySet<string>;
	readonly #keep: (value: string) => string;
	#found: readonly (string | undefined)[] = [];

	/** `keep` gives the string to keep of one that was cut out of the text. */
	constructor({ names, numbers, indent }: LineForm, keep: (value: string) => string) {
		const line = (name: string): string =>
			`(?: {${indent}}"${name}" : ${numbers.includes(name) ? number : string},?\\n)?`;
		this.#lines = new RegExp(names.map(line).join(""), "y");
		this.#places = new Map(names.map((name, at) => [name, at + 1]));
		this.#numbers = new Set(numbers);
		this.#keep = keep;
	}

	/** Reads the lines from `at` on; gives the offset of the first that is no member, or not the next one. */
	read(text: string, at: number): number {
		this.#lines.lastIndex = at;
		this.#found = this.#lines.exec(text) ?? [];
		return this.#lines.lastIndex;
	}

	get(key: string): JsonScalar | undefined {
		const found = this.#found[this.#places.get(key) ?? -1];
		if (found === undefined) return undefined;
		return this.#numbers.has(key) ? Number(found) : this.#keep(found);
	}

	has(key: string): boolean {
		return this.#found[this.#places.get(key) ?? -1] !== undefined;
	}
}

/**
 * Up to the last quote of the line, whatever stands before it: nothing is escaped. Not with what `plainText` would
 * take out of a text.
 */
const string = '"([^\\n\\r\\0\\x1b]*)"';
const number = "(-?\\d{1,15})";
