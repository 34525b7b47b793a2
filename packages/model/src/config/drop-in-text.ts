/**
 * The text of a drop-in. multipath-tools reads lines: an opening brace has to stand on the line of its keyword, a
 * closing one alone, and what follows a value is not read. Non-ASCII bytes outside of quotes are blanks, `#` and `!`
 * begin comments; so every value is quoted (multipath-tools 0.15.0 libmpathutil/parser.c).
 */

/** A keyword with its value, or a block with what is in it. */
export type DropInStatement =
	| { readonly keyword: string; readonly value: string }
	| { readonly block: string; readonly statements: readonly DropInStatement[] };

/** Longest line that multipath-tools reads as one, without its end. */
const longestLine = 1022;

/** The files that Pathkeeper owns below /etc/multipath/conf.d. */
export const configDropIn = "pathkeeper.conf";
export const overridesDropIn = "pathkeeper-overrides.conf";

export function dropInText(header: readonly string[], statements: readonly DropInStatement[]): string {
	return [...header.map((line) => `# ${line}`), "", ...linesOf(statements, "")]
		.map((line) => `${line}\n`)
		.join("");
}

/** True when a statement fits into one line whole. */
export function fitsOneLine(keyword: string, value: string): boolean {
	return `\t\t${keyword} ${quoted(value)}`.length <= longestLine;
}

/** In double quotes; a double quote within is written twice (multipath-tools 0.7.6 on). */
export function quoted(value: string): string {
	return `"${value.replaceAll('"', '""')}"`;
}

function linesOf(statements: readonly DropInStatement[], indent: string): readonly string[] {
	return statements.flatMap((statement) =>
		"block" in statement
			? [`${indent}${statement.block} {`, ...linesOf(statement.statements, `${indent}\t`), `${indent}}`]
			: [`${indent}${statement.keyword} ${quoted(statement.value)}`],
	);
}
