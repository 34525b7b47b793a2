import type { NodeView } from "@pathkeeper/model";
import { flag } from "../wire/flag.ts";
import type { Fleet } from "./read-fleet.ts";

/** A node as `/cluster/multipath/status` and `/nodes/N/status` show it. */
export function statusOf(view: NodeView, fleet: Pick<Fleet, "document" | "overrides">, now: number) {
	const { node, online, report, problem } = view;
	return {
		node,
		online: flag(online),
		simulated: flag(report?.simulated === true),
		settling: flag(report?.settling === true),
		age: report === null ? null : Math.max(0, (now - report.at) / 1000),
		multipathd: {
			state: report?.multipathd.state ?? "unknown",
			problem: report === null ? (problem ?? "no report") : report.multipathd.problem,
			version: report?.multipathd.version ?? null,
		},
		applied: {
			state: report?.applied.state ?? "unknown",
			current: flag(report !== null && isCurrent(report.applied, fleet)),
			error: report?.applied.error ?? null,
			at: report?.applied.at ?? null,
		},
		findings: [...(report?.findings ?? [])],
	};
}

function isCurrent(
	applied: {
		readonly state: string;
		readonly configDigest: string | null;
		readonly overridesDigest: string | null;
	},
	{ document, overrides }: Pick<Fleet, "document" | "overrides">,
): boolean {
	return (
		applied.state === "applied" &&
		applied.configDigest === document.digest &&
		applied.overridesDigest === overrides.digest
	);
}
