import { checkValue } from "./check-value.ts";
import { type ConfLine, parseConf } from "./conf-document.ts";
import { interpretValue } from "./interpret-value.ts";
import { type Keyword, keywordNamed, knownIn } from "./keywords.ts";
import { plainSpelling } from "./other-spelling.ts";
import { regexProblem, withoutInversion } from "./posix-regex.ts";
import { refusalOf } from "./refusals.ts";
import { type Block, readStatements, type Statement, type Statements } from "./statements.ts";
import { compareToolsVersions } from "./tools-version.ts";

/** Something about a text of multipath.conf that a person should know. */
export interface ConfProblem {
	/** 1-based, as an editor counts. */
	readonly line: number;
	/** 1-based, in UTF-16 units. */
	readonly column: number;
	/** `error`: the text is refused. `warning`: it may be stored, but does not do what it says everywhere. */
	readonly severity: "error" | "warning";
	/** Stable name, kebab-case; those of refusals stand in `refusals`. */
	readonly code: string;
	readonly text: string;
}

export interface LintOptions {
	/** Warn of what this release does not know, instead of what any supported one does not. */
	readonly toolsVersion?: string;
	/** True for /etc/multipath.conf itself, where multipathd ends itself over some mistakes; they are said so. */
	readonly mainFile?: boolean;
}

/**
 * Everything that multipath would complain about, everything that Pathkeeper refuses, and what does not mean the
 * same on every release; in the order of the text. A text without an error is read by every supported release as it
 * is meant: multipath names the file in no complaint but about keywords that its release does not have.
 */
export function lintConf(text: string, options: LintOptions = {}): readonly ConfProblem[] {
	const document = parseConf(text);
	const read = readStatements(document);
	return [
		...document.lines.flatMap(characterProblems),
		...read.problems.map(({ code, line, at, text }) => problemAt(line, at?.at ?? 0, "error", code, text)),
		...read.statements.flatMap((statement) => statementProblems(statement, options)),
		...blockProblems(read),
		...ruleProblems(read.statements),
		...intervalProblems(read.statements),
	].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A problem at an index of a line's raw text. */
export function problemAt(
	line: ConfLine,
	at: number,
	severity: ConfProblem["severity"],
	code: string,
	text: string,
): ConfProblem {
	return { line: line.line, column: line.offset + at + 1, severity, code, text };
}

function characterProblems(line: ConfLine): readonly ConfProblem[] {
	const found: ConfProblem[] = [];
	if (line.offset > 0)
		found.push(
			problemAt(
				line,
				0,
				"error",
				"line-too-long",
				"multipath cuts the line here (1023 bytes) and reads the rest as another line",
			),
		);
	// multipath takes a byte order mark for blanks. At the start of the file it is no character that somebody wrote.
	const isStart = line.line === 1 && line.offset === 0;
	const body = line.raw.replace(/\r?\n$/, "").replace(/^\ufeff/, isStart ? " " : "$&");
	const control = body.search(/[^\t\x20-\x7e\u{a0}-\u{10ffff}]/u);
	if (control >= 0)
		found.push(
			problemAt(
				line,
				control,
				"error",
				"bad-character",
				`the control character ${hex(body, control)} is not allowed`,
			),
		);
	const direction = body.search(/[\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}]/u);
	if (direction >= 0)
		found.push(
			problemAt(
				line,
				direction,
				"error",
				"bad-character",
				`the invisible character ${hex(body, direction)} is not allowed`,
			),
		);
	const foreign = body.slice(0, line.end).search(/[^\0-\x7f]/);
	if (foreign >= 0 && foreign !== direction)
		found.push(
			problemAt(
				line,
				foreign,
				"error",
				"bad-character",
				`'${String.fromCodePoint(body.codePointAt(foreign) ?? 0)}' is not ASCII: outside comments, multipath treats its bytes as spaces, or prints them unchanged`,
			),
		);
	return found;
}

function hex(text: string, at: number): string {
	return `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function statementProblems(statement: Statement, options: LintOptions): readonly ConfProblem[] {
	const { line, at, block, value } = statement;
	const keyword = block.section === null ? null : keywordNamed(statement.keyword, block.section);
	if (keyword === null) return [];
	const { name, type } = keyword;

	const refusal = refusalOf(name, "any");
	if (refusal !== null)
		return [
			problemAt(
				line,
				line.tokens[0]?.at ?? 0,
				"error",
				refusal.code,
				`'${name}' is refused: ${refusal.reason}`,
			),
		];
	const plain = plainSpelling(keyword, value);
	const problem = type.kind === "ignored" ? null : checkValue(keyword, plain);
	if (problem !== null && isOwnName(keyword, value)) {
		const text = `'alias ${value}' begins like the names that multipath gives by itself (mpatha, mpathb, …) and may clash with one of them; Pathkeeper does not accept such an alias`;
		return [problemAt(line, at.at, "warning", "automatic-name", text)];
	}
	if (problem !== null) {
		const code = type.kind === "regex" ? "bad-regex" : "bad-value";
		const end = endOfDaemon(keyword, value, options);
		return [problemAt(line, at.at, "error", code, `'${name}' ${problem}${end}`)];
	}
	const release = versionProblem(statement, options.toolsVersion);
	return release === null ? [] : [problemAt(line, line.tokens[0]?.at ?? 0, "warning", ...release)];
}

/** Only the main file is read so strictly; product_blacklist becomes a rule when all files are read. */
function endOfDaemon(keyword: Keyword, value: string, { mainFile }: LintOptions): string {
	if (keyword.name === "product_blacklist")
		return regexProblem(withoutInversion(value))?.refusedBy === "glibc"
			? "; multipathd exits because of it"
			: "";
	return mainFile === true && interpretValue(keyword, value).kind === "failed"
		? "; multipathd exits because of it in this file"
		: "";
}

/** An alias whose only fault is that multipath makes up such names itself. */
function isOwnName(keyword: Keyword, value: string): boolean {
	return keyword.name === "alias" && value.startsWith("mpath") && checkValue(keyword, `x${value}`) === null;
}

/** Code and text of the warning that a keyword or value is not for every release, or not for the given one. */
function versionProblem(
	statement: Statement,
	toolsVersion: string | undefined,
): readonly [string, string] | null {
	const { block } = statement;
	const keyword = block.section === null ? null : keywordNamed(statement.keyword, block.section);
	if (keyword === null) return null;
	const { name, since, until } = keyword;
	const value = plainSpelling(keyword, statement.value);
	const word =
		keyword.type.kind === "enum" ? keyword.type.words.find(({ word }) => word === value) : undefined;
	if (toolsVersion === undefined) {
		if (until !== null) return ["ignored-keyword", `'${name}' is ignored from multipath-tools ${until} on`];
		if (since !== null) return ["new-keyword", `'${name}' is unknown to multipath-tools before ${since}`];
		if (word?.since != null)
			return ["new-value", `'${name} ${value}' is unknown to multipath-tools before ${word.since}`];
		if (word?.until != null)
			return [
				"old-value",
				`'${name} ${value}' is outdated from multipath-tools ${word.until} on: it is '${word.instead}' there`,
			];
		return null;
	}
	if (knownIn(keyword, toolsVersion, value)) return null;
	if (until !== null && compareToolsVersions(toolsVersion, until) >= 0)
		return ["ignored-keyword", `'${name}' is ignored by multipath-tools ${toolsVersion}`];
	if (!knownIn(keyword, toolsVersion))
		return ["new-keyword", `'${name}' is unknown to multipath-tools ${toolsVersion}`];
	if (word?.until != null)
		return [
			"old-value",
			`'${name} ${value}' is outdated in multipath-tools ${toolsVersion}: it is '${word.instead}' there`,
		];
	return ["new-value", `'${name} ${value}' is unknown to multipath-tools ${toolsVersion}`];
}

/** Blocks that multipath drops because they do not say what they are about, and blocks about the same thing. */
function blockProblems({ blocks, statements }: Statements): readonly ConfProblem[] {
	const values = new Map<Block, Map<string, string>>(blocks.map((block) => [block, new Map()]));
	for (const { block, keyword, value } of statements) values.get(block)?.set(keyword, value);

	const found: ConfProblem[] = [];
	const seen = new Set<string>();
	for (const block of blocks) {
		const needed = neededIn(block);
		const missing = needed.filter((name) => values.get(block)?.has(name) !== true);
		const complain = (severity: ConfProblem["severity"], code: string, text: string): void => {
			found.push(problemAt(block.line, block.line.tokens[0]?.at ?? 0, severity, code, text));
		};
		if (missing.length > 0) {
			complain(
				"error",
				"incomplete-block",
				`'${block.name}' has no ${missing.join(" and no ")}: multipath drops the block`,
			);
			continue;
		}
		if (needed.length === 0) continue;
		const names = [...needed, ...(block.section === "devices" ? ["revision"] : [])];
		const key = JSON.stringify([block.section, names.map((name) => values.get(block)?.get(name) ?? null)]);
		if (seen.has(key))
			complain(
				"error",
				"duplicate-block",
				`another '${block.name}' block is about the same device: multipath merges them`,
			);
		seen.add(key);
	}
	return found;
}

function neededIn(block: Block): readonly string[] {
	switch (block.section) {
		case "devices":
			return ["vendor", "product"];
		case "multipaths":
			return ["wwid"];
		case "protocol":
			return ["type"];
		case "blacklist_device":
		case "blacklist":
		case "defaults":
		case "overrides":
		case null:
			return [];
	}
}

/** Rules of the blacklist that are legal and rarely meant. */
function ruleProblems(statements: readonly Statement[]): readonly ConfProblem[] {
	return statements
		.filter(({ block, keyword }) => block.section === "blacklist" && keyword === "wwid")
		.filter(({ value }) => /^[0-9A-Za-z#:=@_-]{8,}$/.test(value))
		.map(({ line, at, value }) =>
			problemAt(
				line,
				at.at,
				"warning",
				"unanchored-wwid",
				`this matches every WWID that contains ${value}; "^${value}$" matches it alone`,
			),
		);
}

/** multipath takes the smaller one of two intervals for both, and derives a missing one from the other. */
function intervalProblems(statements: readonly Statement[]): readonly ConfProblem[] {
	const last = (name: string): Statement | undefined =>
		statements.findLast(({ keyword, block }) => keyword === name && block.section === "defaults");
	const most = last("max_polling_interval");
	if (most === undefined) return [];
	const least = last("polling_interval");
	if (least !== undefined && Number(least.value) <= Number(most.value)) return [];
	const text =
		least === undefined
			? `without polling_interval, multipath takes a quarter of ${most.value} s for it`
			: `polling_interval ${least.value} is above this, and multipath lowers it to ${most.value}`;
	return [problemAt(most.line, most.at.at, "warning", "derived-interval", text)];
}
