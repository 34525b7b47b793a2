import { lintOverrides, PathkeeperError } from "@pathkeeper/model";

/** A problem of a text, with its place in it. */
export interface LocatedProblem {
	readonly line: number;
	readonly column: number;
	readonly severity: "error" | "warning";
	readonly text: string;
}

/** A message shows this many problems; a text of a megabyte can have a hundred thousand. */
const mostTold = 20;

/** `multipath.cfg:3:7: error: …`, as compilers say it and editors understand it. */
export function located(document: string, { line, column, severity, text }: LocatedProblem): string {
	return `${document}:${line}:${column}: ${severity}: ${text}`;
}

/** Problems of an overrides text, located. */
export function overridesProblems(text: string): string[] {
	const problems: readonly LocatedProblem[] = lintOverrides(text, {});
	return problems.map((problem) => located("multipath-overrides.conf", problem));
}

/** Throws CONF_INVALID when one of the problems is an error, with line and column of each. */
export function refuseErrors(document: string, problems: readonly LocatedProblem[]): void {
	const errors = problems.filter(({ severity }) => severity === "error");
	if (errors.length === 0) return;
	const told = errors
		.slice(0, mostTold)
		.map(({ line, column, text }) => `line ${line}, column ${column}: ${text}`);
	const rest = errors.length > mostTold ? [`and ${errors.length - mostTold} more`] : [];
	const words = [...told, ...rest].join("; ");
	throw new PathkeeperError("CONF_INVALID", { what: document, problem: words }, { fields: { text: words } });
}
