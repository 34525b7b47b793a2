/**
 * Finds values by the name that stands before them: `name = value`, `name: value`, `--name value`, `"name": "value"`.
 * One pass over the words of a text; nothing is looked at twice.
 */

/** Where a value stands, `from` inclusive, `to` exclusive. */
export interface FoundValue {
	readonly from: number;
	readonly to: number;
	readonly value: string;
	/** What the mark has to stand in, so that JSON stays JSON; empty: nothing. */
	readonly quote: string;
}

const words = /[\w.[\]-]+/g;
const secretWord =
	/passw(?:or)?d|passphrase|pwd|secret|token|credential|auth_?uuid|cookie|authorization|api[_-]?key|private[_-]?key|reservation_?key|access[_-]?key|psk|ticket/i;
/**
 * A file that holds the secret is none itself, where the name says that it is one: one password in 64 that was made as
 * base64 begins with a slash.
 */
const fileWord = /file|path/i;
const aFile = /^(["']?)\/[\w./@+-]{1,4096}\1$/;

const mostBlockHeader = 200;

/** All of them, in their order; none overlaps another. */
export function namedSecrets(text: string): readonly FoundValue[] {
	const found: FoundValue[] = [];
	const line = new Lines(text);
	words.lastIndex = 0;
	for (let match = words.exec(text); match !== null; match = words.exec(text)) {
		const [word] = match;
		if (!secretWord.test(word)) continue;
		const at = match.index;
		const end = at + word.length;
		const { start, body } = line.at(at);
		const quote = quoteAround(text, at, end);
		const value =
			quote === null
				? plainValue(text, {
						end,
						indent: body - start,
						isPlace: isPlace(text, at, body),
						isJson: isJsonAt(text, body) && body < at,
					})
				: quotedNameValue(text, end + quote.length);
		if (value === null) continue;
		words.lastIndex = Math.max(value.to, start, end);
		const namesFile = fileWord.test(word) && aFile.test(value.value);
		if (value.value !== "" && !namesFile) found.push(value);
	}
	return found;
}

/** Beginnings of lines, walked forward. */
class Lines {
	readonly #text: string;
	#start = 0;
	#next: number;
	#body: number | null = null;

	constructor(text: string) {
		this.#text = text;
		this.#next = endOfLine(text, 0);
	}

	/** Of the line with this index: where it starts, and its first character that is no blank. */
	at(index: number): { readonly start: number; readonly body: number } {
		while (this.#next < index) {
			this.#start = this.#next + 1;
			this.#next = endOfLine(this.#text, this.#start);
			this.#body = null;
		}
		this.#body ??= afterBlanks(this.#text, this.#start);
		return { start: this.#start, body: this.#body };
	}
}

/** The same quote on both sides of a word: `"`, `'`, or `\"` inside of JSON. */
function quoteAround(text: string, at: number, end: number): string | null {
	for (const quote of ['\\"', '"', "'"])
		if (text.startsWith(quote, at - quote.length) && at >= quote.length && text.startsWith(quote, end))
			return quote;
	return null;
}

function isPlace(text: string, at: number, body: number): boolean {
	if (at <= body) return true;
	// `--name value`; the dashes are part of the word.
	return text[at] === "-" && /[\s"']/.test(text[at - 1] ?? " ");
}

function isJsonAt(text: string, body: number): boolean {
	return /[{["]/.test(text[body] ?? "");
}

interface Around {
	readonly end: number;
	/** Of its line: blanks before the first word. */
	readonly indent: number;
	/** Whether a value may follow with nothing but blanks between. */
	readonly isPlace: boolean;
	/** Whether the line is JSON: then a text ends at its quote. */
	readonly isJson: boolean;
}

function plainValue(text: string, { end, indent, isPlace, isJson }: Around): FoundValue | null {
	const next = afterBlanks(text, end);
	const hasSign = text[next] === "=" || text[next] === ":";
	if (!hasSign && (!isPlace || next === end)) return null;
	const from = afterBlanks(text, hasSign ? next + 1 : next);
	const block = hasSign && !isJson && text[next] === ":" ? endOfBlock(text, from, indent) : null;
	if (block !== null)
		return { from, to: block, value: text.slice(endOfLine(text, from) + 1, block).trim(), quote: "" };
	const to = isJson ? endOfText(text, from, '"') : endOfLine(text, from);
	const value = text.slice(from, to).trim();
	return { from, to, value: value.replace(/^(["'])(.*)\1$/, "$2"), quote: "" };
}

/** Behind `"name"`: a colon and a value of JSON, or the sign of another language. */
function quotedNameValue(text: string, end: number): FoundValue | null {
	const colon = afterBlanks(text, end);
	if (!/[:=]/.test(text[colon] ?? "")) return null;
	const from = afterBlanks(text, text[colon + 1] === ">" ? colon + 2 : colon + 1);
	for (const quote of ['\\"', '"', "'"])
		if (text.startsWith(quote, from)) {
			const to = endOfText(text, from + quote.length, quote);
			const inner = text.slice(from + quote.length, to);
			return { from: from + quote.length, to, value: quote === '"' ? unescaped(inner) : inner, quote: "" };
		}
	if (text[from] === "[" || text[from] === "{") {
		const to = endOfStructure(text, from);
		return { from, to, value: text.slice(from, to), quote: '"' };
	}
	let to = from;
	while (to < text.length && !/[,}\]\s]/.test(text[to] ?? "")) to++;
	const value = text.slice(from, to);
	// Nothing is set.
	return {
		from,
		to,
		value: value === "null" || value === "true" || value === "false" ? "" : value,
		quote: '"',
	};
}

/** Where a text in quotes ends; at the end of its line when the quote is missing. */
function endOfText(text: string, from: number, quote: string): number {
	for (let at = from; at < text.length; at++) {
		if (text[at] === "\n") return at;
		if (text.startsWith(quote, at)) return at;
		if (text[at] === "\\") at++;
	}
	return text.length;
}

/** Behind the bracket that closes the one at `from`; the end of the text when there is none. */
function endOfStructure(text: string, from: number): number {
	let depth = 0;
	let inText = false;
	for (let at = from; at < text.length; at++) {
		const character = text[at];
		if (character === "\\") at++;
		else if (character === '"') inText = !inText;
		else if (inText) continue;
		else if (character === "[" || character === "{") depth++;
		else if (character === "]" || character === "}") {
			depth--;
			if (depth === 0) return at + 1;
		}
	}
	return text.length;
}

/**
 * End of a block of YAML (`|`, `>` and their variants): the lines below that are indented deeper, and empty ones
 * between them. Null: what stands there begins no block.
 */
function endOfBlock(text: string, from: number, indent: number): number | null {
	const first = endOfLine(text, from);
	if (first - from > mostBlockHeader || !/^[|>][-+0-9]{0,2}[ \t]*(?:#.*)?\r?$/.test(text.slice(from, first)))
		return null;
	let to = first;
	for (let start = first + 1; start < text.length; ) {
		const end = endOfLine(text, start);
		const body = afterBlanks(text, start);
		const isEmpty = body >= end || text[body] === "\r";
		if (!isEmpty && body - start <= indent) break;
		if (!isEmpty) to = end;
		start = end + 1;
	}
	return to;
}

function afterBlanks(text: string, from: number): number {
	let at = from;
	while (text[at] === " " || text[at] === "\t") at++;
	return at;
}

function endOfLine(text: string, from: number): number {
	const end = text.indexOf("\n", from);
	return end < 0 ? text.length : end;
}

function unescaped(json: string): string {
	try {
		const value: unknown = JSON.parse(`"${json}"`);
		return typeof value === "string" ? value : json;
	} catch {
		return json;
	}
}
