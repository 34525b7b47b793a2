/** What a check says: a list of problems, each with its fix; what could not be looked at is a problem as well. */

export type Severity = (typeof mostUrgentFirst)[number];

/**
 * An unknown comes before a warning: what is behind it may be an error. A note is worth knowing and no fault of this
 * machine: nothing is to be done, or not yet, or nothing that its distribution offers today would change it.
 */
export const mostUrgentFirst = ["error", "unknown", "warning", "note", "ok"] as const;

export interface Diagnosis {
	/** Stable name, kebab-case, for scripts and documents. For `unknown` and `ok` it is the name of the check. */
	readonly code: string;
	readonly severity: Severity;
	/** What is the matter, a sentence. */
	readonly what: string;
	/** File with line, unit, device or address; null when it is about the whole machine. */
	readonly where: string | null;
	/** What to do, in order: commands for a root shell on Debian 12 and 13; a step that is no command begins with `#`. */
	readonly fix: readonly string[];
	/** What happens if it stays, and what differs on other distributions. */
	readonly why: string;
}

/** What a check found; empty: all that it looks at is fine. Null: it does not apply to this machine. */
export type Judgement = readonly Diagnosis[] | null;

/** One thing to look at. `judge` is pure: everything it needs is in the facts. */
export interface Check<Facts> {
	/** Stable name; the code of its `unknown` and its `ok`. */
	readonly name: string;
	/** What is fine when it finds nothing, such as `multipathd runs and answers`. */
	readonly fine: string;
	readonly judge: (facts: Facts) => Judgement;
}

/** A problem without its severity and name of check. */
export type Problem = Omit<Diagnosis, "severity">;

export function error(problem: Problem): Diagnosis {
	return { ...problem, severity: "error" };
}

export function warning(problem: Problem): Diagnosis {
	return { ...problem, severity: "warning" };
}

export function note(problem: Problem): Diagnosis {
	return { ...problem, severity: "note" };
}

/** Runs the checks, each by itself: one that fails is unknown and keeps no other from its answer. */
export function diagnose<Facts>(
	checks: readonly Check<Facts>[],
	facts: Facts,
	reasonOf: (error: unknown) => string,
): readonly Diagnosis[] {
	const found = checks.flatMap((check) => {
		try {
			return judged(check, check.judge(facts));
		} catch (failure) {
			return [unknownOf(check.name, check.fine, reasonOf(failure))];
		}
	});
	// Among equals the order of the list of checks stays: a cause stands before what follows from it.
	return mostUrgentFirst.flatMap((severity) => found.filter((each) => each.severity === severity));
}

function judged<Facts>({ name, fine }: Check<Facts>, judgement: Judgement): readonly Diagnosis[] {
	if (judgement === null) return [];
	if (judgement.length > 0) return judgement.map((each) => ({ ...each, code: each.code || name }));
	return [{ code: name, severity: "ok", what: fine, where: null, fix: [], why: "" }];
}

/** What is said of something that could not be looked at. */
export function unknownOf(name: string, fine: string, reason: string): Diagnosis {
	return {
		code: name,
		severity: "unknown",
		what: `not known whether ${fine}: ${reason}`,
		where: null,
		fix: [],
		why: "",
	};
}

/** 2 with an error, else 3 when something is unknown, else 1 with a warning, else 0 (notes count for nothing): as `status` and `verdict` have it. */
export function exitCodeFor(diagnoses: readonly Diagnosis[]): number {
	const has = (severity: Severity) => diagnoses.some((each) => each.severity === severity);
	return has("error") ? 2 : has("unknown") ? 3 : has("warning") ? 1 : 0;
}
