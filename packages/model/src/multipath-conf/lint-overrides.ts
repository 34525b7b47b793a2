import { parseConf } from "./conf-document.ts";
import { type ConfProblem, type LintOptions, lintConf, problemAt } from "./lint-conf.ts";
import { refusalOf } from "./refusals.ts";
import { readStatements } from "./statements.ts";

/**
 * The problems of a `multipath-overrides.conf`: those of `lintConf`, and the sections that belong into
 * `multipath.cfg`. It may hold `devices`, `overrides` (with `protocol` blocks inside: at the top multipath ignores
 * the word and reads the lines below it as if it were not there), `blacklist` and `blacklist_exceptions`.
 */
export function lintOverrides(text: string, options: LintOptions = {}): readonly ConfProblem[] {
	const { blocks } = readStatements(parseConf(text));
	const refused = blocks.flatMap((block) => {
		const refusal = block.parent === null ? refusalOf(block.name, "overrides") : null;
		if (refusal === null) return [];
		const at = block.line.tokens[0]?.at ?? 0;
		return [
			problemAt(block.line, at, "error", refusal.code, `'${block.name}' is refused here: ${refusal.reason}`),
		];
	});
	return [...lintConf(text, options), ...refused].sort((a, b) => a.line - b.line || a.column - b.column);
}
