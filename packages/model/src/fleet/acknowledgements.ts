/**
 * Acknowledged findings. A person has looked at a finding and decided that it is no work for now, such as a version
 * with known holes whose package has the fixes. It is shown with name and reason, and counted apart. An
 * acknowledgement holds for the very text that was seen: another version or another hole is a new finding.
 */
import type { Finding } from "../report.ts";

export interface Acknowledgement {
	/** The node whose finding it is; null: of every node that has it. */
	readonly node: string | null;
	readonly code: string;
	readonly subject: string | null;
	readonly text: string;
	/** Why it is no work for now, in words of the person. */
	readonly reason: string;
	readonly by: string;
	/** Milliseconds since the epoch. */
	readonly at: number;
}

/**
 * Codes of findings that can be acknowledged: standing conditions that somebody may have decided to live with. What
 * happens on a node, and may happen again, cannot: the next time it would be hidden.
 */
const standingConditions: ReadonlySet<string> = new Set([
	"multipath-tools-known-holes",
	"multipath-tools-version-unknown",
	"store-in-the-clear",
]);

/** True for a finding that can be acknowledged. */
export function isAcknowledgeable({ code, severity }: Pick<Finding, "code" | "severity">): boolean {
	return severity !== "error" && standingConditions.has(code);
}

/** A finding, and who acknowledged it. */
export interface JudgedFinding extends Finding {
	readonly acknowledged: Pick<Acknowledgement, "reason" | "by" | "at"> | null;
}

/** The findings of a node with their acknowledgements; one for that node wins over one for all. */
export function judgedFindings(
	node: string,
	findings: readonly Finding[],
	acknowledgements: readonly Acknowledgement[],
): readonly JudgedFinding[] {
	return findings.map(({ code, severity, subject, text }) => {
		if (!isAcknowledgeable({ code, severity })) return { code, severity, subject, text, acknowledged: null };
		const same = acknowledgements.filter(
			(other) =>
				other.code === code &&
				other.subject === subject &&
				other.text === text &&
				(other.node === node || other.node === null),
		);
		const found = same.find((other) => other.node === node) ?? same[0];
		const acknowledged = found === undefined ? null : { reason: found.reason, by: found.by, at: found.at };
		return { code, severity, subject, text, acknowledged };
	});
}

/** How many findings of a severity somebody still has to look at. */
export function openFindings(findings: readonly JudgedFinding[], severity: Finding["severity"]): number {
	return findings.filter((finding) => finding.severity === severity && finding.acknowledged === null).length;
}
