/** Which revision the store had when: so that the past of an hour can be kept, and no more. */
export interface RevisionMark {
	/** Milliseconds since the epoch. */
	readonly at: number;
	readonly revision: bigint;
}

/** Marks a minute apart in the last ten minutes, and ten minutes apart before; older ones than these are of no use. */
const fineMs = 60_000;
const coarseMs = 10 * 60_000;
const longestMs = 2 * 60 * 60_000;

/** Oldest first. A clock or a store that went back begins anew: what was marked says nothing of it. */
export function withMark(marks: readonly RevisionMark[], mark: RevisionMark): readonly RevisionMark[] {
	const last = marks.at(-1);
	if (last !== undefined && (mark.at < last.at || mark.revision < last.revision)) return [mark];
	if (last !== undefined && mark.at - last.at < fineMs) return marks;
	const kept: RevisionMark[] = [];
	for (const one of [...marks, mark]) {
		const age = mark.at - one.at;
		const before = kept.at(-1);
		const isClose = before !== undefined && one.at - before.at < coarseMs;
		if (age <= longestMs && (age <= coarseMs || !isClose)) kept.push(one);
	}
	return kept;
}

/** The newest revision that is at least so old; null when none is known to be. */
export function revisionBefore(marks: readonly RevisionMark[], at: number): bigint | null {
	return marks.findLast((mark) => mark.at <= at)?.revision ?? null;
}
