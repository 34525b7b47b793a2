/**
 * One token of a line. `quote` is a double quote that begins or ends a string; `text` is what stands inside of one,
 * with `""` already turned into `"`; `brace` is a `{` or `}` outside of strings; everything else is a `word`.
 */
export interface Token {
	readonly kind: "word" | "brace" | "quote" | "text";
	readonly text: string;
	/** Index of its first character in the text that was tokenized. */
	readonly at: number;
}

/** The tokens of one line, and where reading stopped: at a comment, or where the parser stops seeing the line. */
export interface TokenLine {
	readonly tokens: readonly Token[];
	readonly end: number;
}

/**
 * Splits a line as multipath-tools does (0.15.0 libmpathutil/parser.c alloc_strvec): blanks and every character
 * outside of ASCII separate tokens, `#` and `!` begin a comment, except between double quotes, where everything is
 * literal and `""` is one double quote. There is no escape and no continuation of lines. A carriage return (unless
 * the line begins with it) and a NUL end the line for the parser.
 */
export function tokenize(line: string): TokenLine {
	const end = visibleEnd(line);
	const tokens: Token[] = [];
	let inString = false;
	let at = 0;
	while (at < end) {
		if (!inString) {
			if (isSeparator(line.charCodeAt(at))) {
				at++;
				continue;
			}
			if (beginsComment(line.charAt(at))) break;
		}
		const start = at;
		const character = line.charAt(at);
		const doubled = inString && line.charAt(at + 1) === '"' && at + 1 < end;
		if (character === '"' && !doubled) {
			tokens.push({ kind: "quote", text: '"', at });
			inString = !inString;
			at++;
		} else if (inString) {
			at = endOfString(line, at, end);
			tokens.push({ kind: "text", text: line.slice(start, at).replaceAll('""', '"'), at: start });
		} else if (character === "{" || character === "}") {
			tokens.push({ kind: "brace", text: character, at });
			at++;
		} else {
			while (at < end && isWordPart(line, at)) at++;
			tokens.push({ kind: "word", text: line.slice(start, at), at: start });
		}
	}
	return { tokens, end: at };
}

/** Where the C string of the line ends: strtok_r cuts it at the first `\r` or `\n` behind leading ones. */
function visibleEnd(line: string): number {
	let at = 0;
	while (line[at] === "\r" || line[at] === "\n") at++;
	while (at < line.length && line[at] !== "\r" && line[at] !== "\n" && line[at] !== "\0") at++;
	return at;
}

/** The index of the quote that ends the string, or the end of the line when none does. */
function endOfString(line: string, start: number, end: number): number {
	let at = start;
	while (at < end) {
		if (line[at] !== '"') at++;
		else if (at + 1 < end && line[at + 1] === '"') at += 2;
		else break;
	}
	return at;
}

function isWordPart(line: string, at: number): boolean {
	const character = line.charAt(at);
	return (
		!isSeparator(line.charCodeAt(at)) &&
		!beginsComment(character) &&
		character !== "{" &&
		character !== "}" &&
		character !== '"'
	);
}

/** What C's isspace says in the C locale, and everything outside of ASCII. */
function isSeparator(code: number): boolean {
	return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code > 0x7f;
}

function beginsComment(character: string): boolean {
	return character === "#" || character === "!";
}
