/**
 * Two readers of JSON text that hand what they meet to a sink, piece by piece, and stop where the text breaks off.
 *
 * multipathd does not escape what it puts between quotes (multipath-tools libmultipath/print.c): a name such as
 * `we"ird` gives text that is no JSON, and a target name such as `x", "chk_st" : "ready` gives valid JSON that says
 * something else. What saves us is that the daemon prints one member a line. `readJsonLines` therefore ends a string
 * at the last quote of its line; `readJsonStrict` is for JSON that somebody else printed.
 *
 * Both take time linear in the text and memory bounded by the nesting, whatever the text is.
 */

export type JsonContainer = "object" | "array";
export type JsonScalar = string | number | boolean | null;

/** Receives the document. `key` is null inside arrays and for the document itself. False stops the reader. */
export interface JsonSink {
	open(container: JsonContainer, key: string | null): boolean;
	close(): void;
	scalar(value: JsonScalar, key: string | null): void;
}

export interface JsonOutcome {
	/** `whole`: closed. `cut`: the text ended inside. `broken`: a place that cannot be read. `stopped`: by the sink. */
	readonly state: "whole" | "cut" | "broken" | "stopped";
	/** Offset behind the last character that was understood. */
	readonly end: number;
}

const maxDepth = 32;
const keyPattern = /"([A-Za-z0-9_. -]{1,64})"([ \t]*):[ \t]*/y;
const numberPattern = /-?\d{1,15}(?:\.\d{1,15})?(?=[\s,\]}]|$)/y;
const literalPattern = /(?:true|false|null)(?=[\s,\]}]|$)/y;

/** Reads a document as multipathd prints it, one member a line, strings up to the last quote of the line. */
export function readJsonLines(text: string, start: number, sink: JsonSink): JsonOutcome {
	const stack: JsonContainer[] = [];
	let at = start;
	while (at < text.length) {
		const newline = text.indexOf("\n", at);
		const lineEnd = newline === -1 ? text.length : newline;
		let key: string | null = null;
		let asPrinted = false;
		while (at < lineEnd) {
			const character = text.charAt(at);
			if (character === " " || character === "\t" || character === ",") {
				at += 1;
			} else if (character === "{" || character === "[") {
				const container = character === "{" ? "object" : "array";
				if (stack.length === maxDepth) return { state: "broken", end: at };
				if (!sink.open(container, key)) return { state: "stopped", end: at };
				stack.push(container);
				key = null;
				at += 1;
			} else if (character === "}" || character === "]") {
				if (key !== null || stack.pop() !== (character === "}" ? "object" : "array")) {
					return { state: "broken", end: at };
				}
				sink.close();
				at += 1;
				if (stack.length === 0) return { state: "whole", end: at };
			} else if (character === '"' && key === null && stack.at(-1) === "object") {
				keyPattern.lastIndex = at;
				const match = keyPattern.exec(text);
				if (match === null) return { state: newline === -1 ? "cut" : "broken", end: at };
				key = match[1] ?? "";
				// `"name" : "…"` is the daemon's hand; printers that leave no blank before the colon escape as well.
				asPrinted = match[2] !== "";
				at = keyPattern.lastIndex;
			} else {
				const scalar = scalarOfLine(text, at, lineEnd, asPrinted);
				if (scalar === null) return { state: newline === -1 ? "cut" : "broken", end: at };
				sink.scalar(scalar.value, key);
				key = null;
				at = scalar.end;
			}
		}
		// The daemon writes a value on the line of its key; `"map" : {` on two lines is what others print.
		if (key !== null) return { state: newline === -1 ? "cut" : "broken", end: at };
		at = lineEnd + 1;
	}
	return { state: "cut", end: text.length };
}

interface ScalarRead {
	readonly value: JsonScalar;
	readonly end: number;
}

function scalarOfLine(text: string, at: number, lineEnd: number, asPrinted: boolean): ScalarRead | null {
	if (text.charAt(at) !== '"') return plainScalar(text, at);
	let end = lineEnd;
	while (end > at && isBlank(text.charCodeAt(end - 1))) end -= 1;
	if (text.charAt(end - 1) === ",") end -= 1;
	while (end > at && isBlank(text.charCodeAt(end - 1))) end -= 1;
	if (end - 1 <= at || text.charAt(end - 1) !== '"') return null;
	// A line that lost its end may still end in a quote that belongs inside; without the newline nobody can tell.
	if (lineEnd === text.length) return null;
	const body = text.slice(at + 1, end - 1);
	return { value: asPrinted ? body : unescaped(body), end: lineEnd };
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x09;
}

/** What a JSON string says; a body that is none stands for itself. */
function unescaped(body: string): string {
	if (!body.includes("\\") || body.length > 4096) return body;
	try {
		const value: unknown = JSON.parse(`"${body}"`);
		return typeof value === "string" ? value : body;
	} catch {
		return body;
	}
}

function plainScalar(text: string, at: number): ScalarRead | null {
	numberPattern.lastIndex = at;
	const number = numberPattern.exec(text);
	if (number !== null) return { value: Number(number[0]), end: numberPattern.lastIndex };
	literalPattern.lastIndex = at;
	const literal = literalPattern.exec(text);
	if (literal === null) return null;
	return { value: literal[0] === "null" ? null : literal[0] === "true", end: literalPattern.lastIndex };
}

/** Reads a document in the grammar of RFC 8259, in any layout. */
export function readJsonStrict(text: string, start: number, sink: JsonSink): JsonOutcome {
	const stack: JsonContainer[] = [];
	let at = start;
	let key: string | null = null;
	let wants: "value" | "first-value" | "key" | "first-key" | "comma" = "value";
	for (;;) {
		while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
		if (at >= text.length) return { state: "cut", end: text.length };
		const character = text.charAt(at);
		if (character === "}" || character === "]") {
			const fits = wants === "comma" || wants === (character === "}" ? "first-key" : "first-value");
			if (!fits || stack.pop() !== (character === "}" ? "object" : "array"))
				return { state: "broken", end: at };
			sink.close();
			at += 1;
			if (stack.length === 0) return { state: "whole", end: at };
			wants = "comma";
		} else if (wants === "comma") {
			if (character !== ",") return { state: "broken", end: at };
			at += 1;
			wants = stack.at(-1) === "object" ? "key" : "value";
		} else if (wants === "key" || wants === "first-key") {
			const string = strictString(text, at);
			if (string === null) return { state: endsInside(text, at) ? "cut" : "broken", end: at };
			let colon = string.end;
			while (colon < text.length && isSpace(text.charCodeAt(colon))) colon += 1;
			if (colon >= text.length) return { state: "cut", end: at };
			if (text.charAt(colon) !== ":") return { state: "broken", end: at };
			key = string.value;
			at = colon + 1;
			wants = "value";
		} else if (character === "{" || character === "[") {
			const container = character === "{" ? "object" : "array";
			if (stack.length === maxDepth) return { state: "broken", end: at };
			if (!sink.open(container, key)) return { state: "stopped", end: at };
			stack.push(container);
			key = null;
			at += 1;
			wants = container === "object" ? "first-key" : "first-value";
		} else {
			const scalar = character === '"' ? strictString(text, at) : plainScalar(text, at);
			if (scalar === null) return { state: endsInside(text, at) ? "cut" : "broken", end: at };
			sink.scalar(scalar.value, key);
			key = null;
			at = scalar.end;
			wants = "comma";
			if (stack.length === 0) return { state: "whole", end: at };
		}
	}
}

function isSpace(code: number): boolean {
	return code === 0x20 || code === 0x0a || code === 0x09;
}

function strictString(text: string, at: number): { readonly value: string; readonly end: number } | null {
	if (text.charAt(at) !== '"') return null;
	let end = at + 1;
	for (;;) {
		const quote = text.indexOf('"', end);
		if (quote === -1) return null;
		let slashes = 0;
		while (text.charAt(quote - 1 - slashes) === "\\" && quote - 1 - slashes > at) slashes += 1;
		end = quote + 1;
		if (slashes % 2 === 0) return { value: unescaped(text.slice(at + 1, quote)), end };
	}
}

/** True when the text ends before the token at `at` could: a string without its second quote, half a word. */
function endsInside(text: string, at: number): boolean {
	if (text.charAt(at) === '"') return strictString(text, at) === null;
	return /^[\w.+-]*$/.test(text.slice(at, at + 40)) && text.length - at <= 40;
}
