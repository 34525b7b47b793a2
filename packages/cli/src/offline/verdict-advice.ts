import {
	kindOfReason,
	type PathState,
	type ReasonKind,
	stepOfKind,
	type VerdictDocument,
} from "@pathkeeper/model";

/** What a person can do about what a verdict found, most urgent first; empty when nothing is wrong. */
export function verdictAdvice(document: VerdictDocument): string[] {
	const { maps, daemon } = document;
	const judged = maps.filter(({ state }) => state !== "optimal" && state !== "unmanaged");
	const states = new Set(judged.flatMap((map) => map.paths.map((path) => path.state)));
	const has = (...wanted: PathState[]) => wanted.some((state) => states.has(state));
	const kinds = new Set(judged.flatMap(({ reasons }) => reasons.map(kindOfReason)));
	const because = (kind: ReasonKind) => kinds.has(kind);
	const failed = maps.filter(({ state }) => state === "failed");
	const steps = [
		daemon === "silent" &&
			"See whether multipathd runs: systemctl status multipathd. Then save its answer again.",
		daemon === "unreadable" && "Save the whole answer again: multipathd show maps json > FILE",
		failed.some(({ queueing }) => queueing === "forever") && stepOfKind["queues-forever"],
		has("failed") && stepOfKind["failed-path"],
		has("gone") && stepOfKind["gone-path"],
		has("unknown") && stepOfKind["unknown-path"],
		has("impaired") && stepOfKind["impaired-path"],
		because("suspended") && stepOfKind.suspended,
		because("fewer-paths") && stepOfKind["fewer-paths"],
	];
	return steps.filter((step) => step !== false);
}
