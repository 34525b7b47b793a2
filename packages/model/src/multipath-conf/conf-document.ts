import { type Token, tokenize } from "./tokens.ts";

/**
 * A multipath.conf as multipath-tools sees it: line by line, nothing left out. Sections are not part of it, because
 * to the parser they are only a matter of which lines it has met so far (`statements.ts`).
 */
export interface ConfDocument {
	readonly lines: readonly ConfLine[];
}

/** What the parser reads in one go: a line, or a piece of one that is too long for it. */
export interface ConfLine {
	/** The text as it stands, with its end of line. */
	readonly raw: string;
	/** The line in the text, 1-based, as an editor counts. */
	readonly line: number;
	/** The line as multipath's messages count, 1-based: every piece of a long line counts. */
	readonly toolsLine: number;
	/** Where `raw` begins in its line, 0-based: 0 but for the further pieces of a long line. */
	readonly offset: number;
	readonly tokens: readonly Token[];
	/** Index in `raw` where the tokens end: the start of a comment or of the end of the line. */
	readonly end: number;
}

export interface ParseOptions {
	/** False for text that multipath printed itself, where long lines are whole. */
	readonly cut?: boolean;
}

/** multipath-tools 0.15.0 libmpathutil/parser.h MAXBUF 1024: fgets takes one byte less. */
const longestPiece = 1023;

/**
 * Reads any text; nothing is an error here. Bytes are counted as UTF-8 (a surrogate that stands alone as 3), so a
 * text that was decoded in another way may be cut elsewhere than multipath cuts it; a character is never split. Time
 * and memory are linear in the length of the text.
 */
export function parseConf(text: string, options: ParseOptions = {}): ConfDocument {
	const lines: ConfLine[] = [];
	let line = 0;
	let at = 0;
	while (at < text.length) {
		const newline = text.indexOf("\n", at);
		const end = newline < 0 ? text.length : newline + 1;
		line++;
		for (const [from, to] of options.cut === false ? [[at, end] as const] : pieces(text, at, end)) {
			const raw = text.slice(from, to);
			const { tokens, end: seen } = tokenize(raw);
			lines.push({ raw, line, toolsLine: lines.length + 1, offset: from - at, tokens, end: seen });
		}
		at = end;
	}
	return { lines };
}

function pieces(text: string, start: number, end: number): (readonly [number, number])[] {
	if ((end - start) * 3 <= longestPiece) return [[start, end]];
	const found: (readonly [number, number])[] = [];
	let from = start;
	let bytes = 0;
	for (let at = start; at < end; ) {
		const point = text.codePointAt(at) ?? 0;
		const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
		if (bytes + size > longestPiece) {
			found.push([from, at]);
			from = at;
			bytes = 0;
		}
		bytes += size;
		at += point >= 0x10000 ? 2 : 1;
	}
	found.push([from, end]);
	return found;
}
