import { type JudgedFinding, type NodeFacts, silenceOf } from "@pathkeeper/model";
import type { StoredConfig } from "../fleet/read-fleet.ts";
import { flag } from "../http/flag.ts";

/**
 * A node as `/cluster/multipath/status` and `/nodes/N/status` show it; `compared` are findings that no node can make
 * alone.
 */
export function statusOf(
	{ node, online, head, problem, silentSince }: NodeFacts,
	config: Pick<StoredConfig, "document" | "overrides">,
	now: number,
	compared: readonly JudgedFinding[],
) {
	return {
		node,
		online: flag(online),
		simulated: flag(head?.simulated === true),
		settling: flag(head?.settling === true),
		age: head === null ? null : Math.max(0, (now - head.at) / 1000),
		multipathd: {
			state: head?.multipathd.state ?? "unknown",
			problem:
				head === null
					? (problem ?? (online ? "no report yet" : silenceOf(silentSince)))
					: head.multipathd.problem,
			version: head?.multipathd.version ?? null,
		},
		applied: {
			state: head?.applied.state ?? "unknown",
			current: flag(head !== null && isCurrent(head.applied, config)),
			error: head?.applied.error ?? null,
			at: head?.applied.at ?? null,
		},
		findings: [...(head?.findings ?? []), ...unreadable(problem), ...compared],
	};
}

/** What the node writes into the store and the server does not understand, or refuses for what it costs. */
function unreadable(problem: string | null): readonly JudgedFinding[] {
	if (problem === null) return [];
	return [{ code: "report-unreadable", severity: "error", subject: null, text: problem, acknowledged: null }];
}

function isCurrent(
	applied: {
		readonly state: string;
		readonly configDigest: string | null;
		readonly overridesDigest: string | null;
	},
	{ document, overrides }: Pick<StoredConfig, "document" | "overrides">,
): boolean {
	return (
		applied.state === "applied" &&
		applied.configDigest === document.digest &&
		applied.overridesDigest === overrides.digest
	);
}
