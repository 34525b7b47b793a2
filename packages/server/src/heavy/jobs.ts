/**
 * What is done off the event loop: work whose cost somebody else chooses. Each job is data in and data out, so that it
 * can travel to a worker thread and back.
 */
import { lintOverrides } from "@pathkeeper/model";
import { decodeReport, type NodeReport, type PackedReport, reportLimits } from "@pathkeeper/store";
import { type ConfigCheck, configProblems, droppedLuns } from "../documents/check-config.ts";
import { type Preview, type PreviewInput, previewOf } from "../documents/preview.ts";
import type { LocatedProblem } from "../documents/problems.ts";

/** Jobs by name, each with what it takes and what it gives. */
export interface Jobs {
	readonly report: {
		readonly takes: { readonly node: string; readonly packed: PackedReport };
		readonly gives: NodeReport;
	};
	readonly "check-config": {
		readonly takes: ConfigCheck;
		readonly gives: { readonly problems: readonly LocatedProblem[]; readonly dropped: readonly string[] };
	};
	readonly "lint-overrides": {
		readonly takes: { readonly text: string };
		readonly gives: readonly LocatedProblem[];
	};
	readonly preview: { readonly takes: PreviewInput; readonly gives: Preview };
}

export type JobName = keyof Jobs;

/** Does a job on the spot. */
export const doJob: { readonly [N in JobName]: (input: Jobs[N]["takes"]) => Jobs[N]["gives"] } = {
	report: ({ node, packed }) => decodeReport(node, packed, reportLimits),
	"check-config": (check) => ({
		problems: configProblems(check),
		dropped: droppedLuns(check.before, check.after),
	}),
	"lint-overrides": ({ text }) => lintOverrides(text, {}),
	preview: previewOf,
};
