import type { ConfDocument, ConfLine } from "./conf-document.ts";
import { type ConfSection, keywordNamed, keywords } from "./keywords.ts";
import type { Token } from "./tokens.ts";

/** A keyword with its value, where the parser would act on it. */
export interface Statement {
	readonly keyword: string;
	readonly value: string;
	readonly block: Block;
	readonly line: ConfLine;
	/** The token that the value begins with (the quote of a quoted one). */
	readonly at: Token;
}

/** One opened section or block; the same section opened twice gives two. */
export interface Block {
	/** Its name as written: `defaults`, `device`, … */
	readonly name: string;
	/** The keywords it takes; null for one that takes only blocks (`devices`, `multipaths`). */
	readonly section: ConfSection | null;
	/** The block around it; null at the top. */
	readonly parent: Block | null;
	readonly line: ConfLine;
}

/** Something the parser would complain about while it reads, before any value is looked at. */
export interface LayoutProblem {
	readonly code: LayoutCode;
	readonly line: ConfLine;
	readonly at: Token | null;
	readonly text: string;
}

export type LayoutCode =
	| "extra-data"
	| "brace-trap"
	| "missing-value"
	| "missing-quote"
	| "brace-on-next-line"
	| "stray-brace"
	| "unmatched-brace"
	| "unclosed-section"
	| "unknown-keyword"
	| "misplaced-keyword"
	| "duplicate-keyword";

export interface Statements {
	readonly statements: readonly Statement[];
	/** Every section and block in the order they were opened, the empty ones too. */
	readonly blocks: readonly Block[];
	readonly problems: readonly LayoutProblem[];
}

/** What may be opened where; `multi` blocks may repeat without a complaint. */
const rootSections: Readonly<Record<string, ConfSection | null>> = {
	defaults: "defaults",
	blacklist: "blacklist",
	blacklist_exceptions: "blacklist",
	devices: null,
	overrides: "overrides",
	multipaths: null,
};
const innerBlocks: Readonly<Record<string, Readonly<Record<string, ConfSection>>>> = {
	blacklist: { device: "blacklist_device" },
	blacklist_exceptions: { device: "blacklist_device" },
	devices: { device: "devices" },
	overrides: { protocol: "protocol" },
	multipaths: { multipath: "multipaths" },
};

/** parser.c is_sublevel_keyword: the names whose `{` it looks for. `overrides` and `protocol` are not among them. */
const braceExpected = new Set([
	"defaults",
	"blacklist",
	"blacklist_exceptions",
	"devices",
	"device",
	"multipaths",
	"multipath",
]);

/**
 * What the parser takes out of a document, in its order, and where it would complain (multipath-tools 0.15.0
 * libmpathutil/parser.c process_stream and validate_config_strvec; 0.9.4 and 0.11.1 do the same). Keywords of every
 * supported release count as known.
 */
export function readStatements(document: ConfDocument): Statements {
	const statements: Statement[] = [];
	const blocks: Block[] = [];
	const problems: LayoutProblem[] = [];
	const open: { readonly block: Block; readonly seen: Set<string> }[] = [];
	const seenAtTop = new Set<string>();

	for (const line of document.lines) {
		const [first, second] = line.tokens;
		if (first === undefined) continue;
		const complain = (code: LayoutCode, at: Token | null, text: string): void => {
			problems.push({ code, line, at, text });
		};

		const name = first.kind === "quote" ? "" : first.text;
		const current = open.at(-1);
		const inner = current === undefined ? rootSections : (innerBlocks[current.block.name] ?? {});
		const opens = Object.hasOwn(inner, name);
		if (!isReadable(line, name, opens, complain)) continue;

		if (first.kind === "brace") {
			if (current === undefined) complain("unmatched-brace", first, "'}' closes nothing");
			open.pop();
			continue;
		}

		const section = current?.block.section ?? null;
		const keyword = opens || section === null ? null : keywordNamed(name, section);
		if (!opens && keyword?.name !== name) {
			const known = everyName.has(name);
			complain(
				known ? "misplaced-keyword" : "unknown-keyword",
				first,
				unknownText(name, current?.block ?? null),
			);
			continue;
		}

		const repeats = opens ? current !== undefined : section === "blacklist";
		const seen = current?.seen ?? seenAtTop;
		if (!repeats && seen.has(name))
			complain(
				"duplicate-keyword",
				first,
				opens
					? `'${name}' appears here a second time: multipath complains, and both are used`
					: `'${name}' appears here a second time: multipath complains, and the last value that it understands is used`,
			);
		seen.add(name);

		if (opens) {
			const block = { name, section: inner[name] ?? null, parent: current?.block ?? null, line };
			blocks.push(block);
			open.push({ block, seen: new Set() });
		} else if (current !== undefined && second !== undefined) {
			const value = second.kind === "quote" ? quotedValue(line) : second.text;
			statements.push({ keyword: name, value, block: current.block, line, at: second });
		}
	}

	const unclosed = open.at(-1);
	if (unclosed !== undefined)
		problems.push({
			code: "unclosed-section",
			line: unclosed.block.line,
			at: unclosed.block.line.tokens[0] ?? null,
			text: `'${unclosed.block.name}' is not closed: a line that begins with '}' is missing`,
		});
	return { statements, blocks, problems };
}

type Complain = (code: LayoutCode, at: Token | null, text: string) => void;

/** validate_config_strvec: false when the parser drops the line before it looks its keyword up. */
function isReadable(line: ConfLine, name: string, opens: boolean, complain: Complain): boolean {
	const [first, second, third] = line.tokens;
	if (first?.kind === "brace") {
		if (first.text === "{") {
			complain("stray-brace", first, "'{' must be on the same line as its section's name");
			return false;
		}
		if (second !== undefined) complainOfRest(line, 1, complain);
		return true;
	}
	if (opens || braceExpected.has(name)) {
		if (second === undefined) {
			complain("brace-on-next-line", first ?? null, `'{' is missing after '${name}'`);
			return braceExpected.has(name);
		}
		if (second.kind !== "brace" || second.text !== "{")
			complain("brace-on-next-line", second, `'{' is expected after '${name}', not '${second.text}'`);
		else if (third !== undefined) complainOfRest(line, 2, complain);
		return true;
	}
	if (second === undefined) {
		complain("missing-value", first ?? null, `'${name}' has no value on its line`);
		return false;
	}
	if (second.kind !== "quote") {
		if (second.kind === "brace" || third !== undefined)
			complainOfRest(line, second.kind === "brace" ? 1 : 2, complain);
		return true;
	}
	const closing = line.tokens.findIndex((token, index) => index > 1 && token.kind === "quote");
	if (closing < 0) complain("missing-quote", second, "the double quote is not closed on this line");
	else if (closing + 1 < line.tokens.length) complainOfRest(line, closing + 1, complain);
	return true;
}

function complainOfRest(line: ConfLine, from: number, complain: Complain): void {
	const rest = line.tokens.slice(from);
	const brace = rest.find((token) => token.kind === "brace");
	if (brace !== undefined)
		complain(
			"brace-trap",
			brace,
			`multipath ignores this '${brace.text}': a brace counts only as the first word of a line, or after a section's name`,
		);
	else
		complain(
			"extra-data",
			rest[0] ?? null,
			`multipath ignores everything from '${rest[0]?.text}' on: one statement a line, and blanks in a value need double quotes`,
		);
}

/** set_value: what stands between the quotes, nothing for `""`. */
function quotedValue(line: ConfLine): string {
	const text = line.tokens[2];
	return text?.kind === "text" ? text.text : "";
}

const everyName = new Set([
	...keywords.map((keyword) => keyword.name),
	...Object.keys(rootSections),
	...Object.values(innerBlocks).flatMap((inner) => Object.keys(inner)),
]);

function unknownText(name: string, block: Block | null): string {
	const place = block === null ? "outside all sections" : `in '${block.name}'`;
	if (!everyName.has(name)) return `'${name}' is not a keyword of multipath; it ignores the line`;
	if (name === "protocol" && block === null)
		return "'protocol' must be inside 'overrides'; multipath ignores it here";
	return `'${name}' is not allowed ${place}; multipath ignores the line`;
}
