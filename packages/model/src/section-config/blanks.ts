/** What Perl's `\s` matches in a byte string; a line never holds `\n` itself. */
export function isBlank(char: string | undefined): boolean {
	return char === " " || char === "\t" || char === "\r" || char === "\f" || char === "\v";
}

/** Index of the first character from `at` on that is no blank; the length when there is none. */
export function skipBlanks(text: string, at: number): number {
	let index = at;
	while (index < text.length && isBlank(text[index])) index += 1;
	return index;
}

/** Index of the first blank from `at` on; the length when there is none. */
export function skipWord(text: string, at: number): number {
	let index = at;
	while (index < text.length && !isBlank(text[index])) index += 1;
	return index;
}

/** Length of the text without the blanks at its end. */
export function lengthWithoutTail(text: string): number {
	let length = text.length;
	while (length > 0 && isBlank(text[length - 1])) length -= 1;
	return length;
}
