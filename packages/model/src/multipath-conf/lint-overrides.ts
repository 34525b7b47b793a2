import { parseConf } from "./conf-document.ts";
import { type ConfProblem, type LintOptions, lintConf, problemAt } from "./lint-conf.ts";
import { refusalOf } from "./refusals.ts";
import { readStatements, type Statement } from "./statements.ts";

/**
 * The problems of a `multipath-overrides.conf`: those of `lintConf`, the sections that belong into `multipath.cfg`,
 * and blacklist rules that would leave no map. It may hold `devices`, `overrides` (with `protocol` blocks inside: at
 * the top multipath ignores the word and reads the lines below it as if it were not there), `blacklist` and
 * `blacklist_exceptions`.
 */
export function lintOverrides(text: string, options: LintOptions = {}): readonly ConfProblem[] {
	const { blocks, statements } = readStatements(parseConf(text));
	const refused = blocks.flatMap((block) => {
		const refusal = block.parent === null ? refusalOf(block.name, "overrides") : null;
		if (refusal === null) return [];
		const at = block.line.tokens[0]?.at ?? 0;
		return [
			problemAt(block.line, at, "error", refusal.code, `'${block.name}' is refused here: ${refusal.reason}`),
		];
	});
	return [...lintConf(text, options), ...refused, ...totalRules(statements)].sort(
		(a, b) => a.line - b.line || a.column - b.column,
	);
}

/** Rules that match whatever there is; an exception of the same kind shows that they are meant. */
function totalRules(statements: readonly Statement[]): readonly ConfProblem[] {
	const rules = statements.filter(
		({ block }) => block.section === "blacklist" || block.section === "blacklist_device",
	);
	const excepted = new Set(
		rules.filter(({ block }) => sectionOf(block) === "blacklist_exceptions").map(kindOf),
	);
	// The rules of a device block hold together: one that is not total narrows the others.
	const narrowed = new Set(
		rules
			.filter(({ block, value }) => block.section !== "blacklist" && !matchesEverything(value))
			.map(({ block }) => block),
	);
	return rules
		.filter(({ block }) => sectionOf(block) === "blacklist" && !narrowed.has(block))
		.filter((rule) => matchesEverything(rule.value) && !excepted.has(kindOf(rule)))
		.map(({ line, at, keyword }) =>
			problemAt(
				line,
				at.at,
				"error",
				"blacklists-everything",
				`this ${keyword} matches every device: no map would be left, and from multipath-tools 0.12 on open maps would lose their paths`,
			),
		);
}

/**
 * What a rule is compared with. A device block is one rule, whichever of vendor and product it names: what it leaves out
 * matches any device, in exceptions too (multipath-tools 0.15.0 libmultipath/blacklist.c match_reglist_device).
 */
function kindOf({ block, keyword }: Statement): string {
	return block.section === "blacklist_device" ? "device" : keyword;
}

function sectionOf(block: Statement["block"]): string {
	return (block.parent ?? block).name;
}

/** The ways in which people write "anything". */
function matchesEverything(rule: string): boolean {
	return /^(?:\^?\(?\.[*+]?\)?\$?|[\^$]|!\^\$)$/.test(rule);
}
