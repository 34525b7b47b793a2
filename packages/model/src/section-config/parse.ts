import { isBlank, lengthWithoutTail, skipBlanks, skipWord } from "./blanks.ts";
import type {
	ConfigProperty,
	ConfigSection,
	LineEnd,
	SectionConfigDocument,
	SectionConfigLine,
	SectionConfigProblem,
	SectionName,
} from "./document.ts";

interface OpenSection extends SectionName {
	readonly from: number;
	readonly properties: ConfigProperty[];
}

/** Reads any text; never throws. What makes no sense stays in `lines` and is told in `problems`. */
export function parseSectionConfig(text: string): SectionConfigDocument {
	const lines: SectionConfigLine[] = [];
	const sections: ConfigSection[] = [];
	const problems: SectionConfigProblem[] = [];
	const firstLineOf = new Map<string, number>();
	let open: OpenSection | null = null;

	const close = (to: number): void => {
		if (open !== null) sections.push({ ...open, to });
		open = null;
	};

	for (const [index, raw] of splitLines(text).entries()) {
		const complain = (column: number, severity: "warning" | "error", what: string): void => {
			problems.push({ line: index + 1, column, severity, text: what });
		};
		const control = raw.text.search(controlCharacter);
		if (control >= 0) complain(control + 1, "error", "control character in the line");

		const line = { ...raw, kind: kindOf(raw.text, open !== null) };
		lines.push(line);
		switch (line.kind) {
			case "empty":
				close(index);
				break;
			case "comment":
				break;
			case "header": {
				const name = headerOf(line.text);
				if (name === null) break;
				if (open !== null) complain(1, "warning", "an empty line is missing before this section");
				close(index);
				const earlier = firstLineOf.get(`${name.type}: ${name.id}`);
				if (earlier !== undefined) {
					complain(
						1,
						"error",
						`section '${name.type}: ${name.id}' is already in line ${earlier}; the last one is used`,
					);
				} else {
					firstLineOf.set(`${name.type}: ${name.id}`, index + 1);
				}
				open = { ...name, from: index, properties: [] };
				break;
			}
			case "property":
				open?.properties.push(propertyOf(line.text, index));
				break;
			case "stray":
				complain(...strayProblem(line.text));
				break;
		}
	}
	close(lines.length);
	return { lines, sections, problems };
}

/** Control characters but the blanks that the grammar knows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const controlCharacter = /[\u0000-\u0008\u000e-\u001f\u007f]/;

function splitLines(text: string): { readonly text: string; readonly end: LineEnd }[] {
	const pieces = text.split("\n");
	const last = pieces.pop() ?? "";
	const lines = pieces.map((piece) => withoutReturn(piece, "\n", "\r\n"));
	if (last !== "") lines.push(withoutReturn(last, "", "\r"));
	return lines;
}

function withoutReturn(piece: string, plain: LineEnd, returned: LineEnd): { text: string; end: LineEnd } {
	return piece.endsWith("\r") ? { text: piece.slice(0, -1), end: returned } : { text: piece, end: plain };
}

function kindOf(text: string, inSection: boolean): SectionConfigLine["kind"] {
	if (text === "") return "empty";
	const first = skipBlanks(text, 0);
	if (text[first] === "#") return "comment";
	if (first === text.length) return "stray";
	if (first > 0) return inSection ? "property" : "stray";
	return headerOf(text) === null ? "stray" : "header";
}

function strayProblem(text: string): [number, "warning" | "error", string] {
	if (lengthWithoutTail(text) === 0)
		return [1, "warning", "a line of spaces is ignored and does not end a section"];
	if (isBlank(text[0])) return [skipBlanks(text, 0) + 1, "error", "a key outside any section is ignored"];
	return [1, "error", "this is not a section header ('type: id'), a key or a comment; it is ignored"];
}

/** As `^(\S+):\s*(\S+)\s*$` matches, in linear time. */
function headerOf(line: string): SectionName | null {
	const text = line.slice(0, lengthWithoutTail(line));
	const wordEnd = skipWord(text, 0);
	if (wordEnd === text.length) {
		const colon = text.lastIndexOf(":", text.length - 2);
		return colon > 0 ? { type: text.slice(0, colon), id: text.slice(colon + 1) } : null;
	}
	const idStart = skipBlanks(text, wordEnd);
	if (wordEnd < 2 || text[wordEnd - 1] !== ":" || skipWord(text, idStart) !== text.length) return null;
	return { type: text.slice(0, wordEnd - 1), id: text.slice(idStart) };
}

function propertyOf(text: string, line: number): ConfigProperty {
	const keyStart = skipBlanks(text, 0);
	const keyEnd = skipWord(text, keyStart);
	const valueStart = skipBlanks(text, keyEnd);
	const valueEnd = lengthWithoutTail(text);
	const bare = valueStart >= valueEnd;
	return {
		key: text.slice(keyStart, keyEnd),
		value: bare ? null : text.slice(valueStart, valueEnd),
		line,
		keyColumn: keyStart + 1,
		valueColumn: (bare ? keyEnd : valueStart) + 1,
	};
}
