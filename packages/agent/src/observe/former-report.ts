import { messageOf, PathkeeperError, type Report } from "@pathkeeper/model";
import { type Store, storedReportOf } from "@pathkeeper/store";
import type { Log } from "../log.ts";

const none = { report: null, problem: null } as const;

/**
 * The report of a node as the last run of its agent left it in the store; null when there is none, or when it cannot be
 * read, which the log says. Throws an error of class `unavailable` when the store does not answer. Reads the keys of
 * this node only: in a large fleet the reports of all nodes are many megabytes.
 */
export async function readFormerReport(store: Store, node: string, log: Log): Promise<Report | null> {
	try {
		const { report, problem } = (await storedReportOf(store, node))?.read() ?? none;
		if (problem !== null) warn(log, problem);
		return report;
	} catch (error) {
		if (error instanceof PathkeeperError && error.fault === "unavailable") throw error;
		warn(log, messageOf(error));
		return null;
	}
}

function warn(log: Log, problem: string): void {
	log.warn(
		{ error: problem },
		"observe: the last report of this node cannot be read; what multipathd listed before this start is not known",
	);
}
