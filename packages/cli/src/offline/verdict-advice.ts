import type { PathState, VerdictDocument } from "@pathkeeper/model";

/** What a person can do about what a verdict found, most urgent first; empty when nothing is wrong. */
export function verdictAdvice(document: VerdictDocument): string[] {
	const { maps, daemon } = document;
	const judged = maps.filter(({ state }) => state !== "optimal" && state !== "unmanaged");
	const states = new Set(judged.flatMap((map) => map.paths.map((path) => path.state)));
	const has = (...wanted: PathState[]) => wanted.some((state) => states.has(state));
	const failed = maps.filter(({ state }) => state === "failed");
	const steps = [
		daemon === "silent" &&
			"See whether multipathd runs: systemctl status multipathd. Then save its answer again.",
		daemon === "unreadable" && "Save the whole answer again: multipathd show maps json > FILE",
		failed.some(({ queueing }) => queueing === "forever") &&
			"I/O to a failed map that queues forever hangs, and so do the programs that wait for it. If its paths " +
				"will not come back: multipathd disablequeueing map NAME makes that I/O end with errors.",
		has("failed") &&
			"Failed paths: check cable, switch port and zone or network, and the array's port; then " +
				"multipathd show paths. A path that works again is taken back by itself.",
		has("gone") &&
			"Gone paths: their devices were removed. If the LUN still exists, rescan its hosts; if it does not, " +
				"take the map away on every node before its number is used again.",
		has("unknown") &&
			"Unknown paths: wait until multipathd has checked them and ask again with multipath -ll " +
				"(multipath -l does not check).",
		has("impaired") && "Impaired paths: look for errors on the link (port counters, cable, optics).",
		judged.some(({ reasons }) => reasons.some((reason) => reason.includes("suspended"))) &&
			"Suspended maps: see what changes them; if nothing does: dmsetup resume NAME.",
		judged.some(({ reasons }) => reasons.some((reason) => reason.includes("expected paths"))) &&
			"Missing paths: compare with a node that has them all; log in to the missing portals or rescan.",
	];
	return steps.filter((step) => step !== false);
}
