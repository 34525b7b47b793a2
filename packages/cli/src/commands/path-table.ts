import type { Output } from "../output/output.ts";
import { shown, stateWord } from "../output/words.ts";
import type { MapPath, NodeMap } from "./fleet-answers.ts";

/** The paths of a map as rows: which device, over which way, in which state, and the words that say why. */
export function pathTable({ groups }: Pick<NodeMap, "groups">, output: Output): string {
	const rows = groups.flatMap(({ group, paths }) => paths.map((path) => ({ group, ...path })));
	if (rows.length === 0) return "";
	return output.table(
		[
			{ head: "  GROUP", cell: ({ group }) => `  ${group}` },
			{ head: "PATH", cell: ({ dev }) => shown(dev) || "gone" },
			{ head: "H:C:T:L", cell: ({ hctl }) => shown(hctl ?? "-") },
			{ head: "STATE", cell: ({ state }) => stateWord(knownPathState(state), output.colour) },
			{ head: "PRIO", cell: ({ priority }) => String(priority ?? "-"), align: "right", drop: 3 },
			{ head: "FROM", cell: ({ transport }) => shown(transport?.initiator ?? "-"), drop: 2 },
			{ head: "THROUGH", cell: ({ transport }) => shown(transport?.portal ?? transport?.target ?? "-") },
			// The reasons above the table have these words, too.
			{ head: "WHY", cell: whyOf, drop: 1 },
		],
		rows,
	);
}

const pathStates = ["gone", "failed", "unknown", "impaired", "standby", "usable"] as const;

/** A word that this command line does not know is unknown, never healthy. */
function knownPathState(word: string): (typeof pathStates)[number] {
	return pathStates.find((state) => state === word) ?? "unknown";
}

const healthyWords: ReadonlySet<string> = new Set(["ready", "active", "running", "live", "n/a"]);

/** What checker, kernel and device say, as far as it is not what they say of a healthy path. */
function whyOf(path: MapPath): string {
	const words = [
		["checker", path["checker-state"]],
		["dm", path["dm-state"]],
		["device", path["device-state"]],
	] as const;
	return words
		.flatMap(([who, word]) => (word === null || healthyWords.has(word) ? [] : [`${who} ${shown(word)}`]))
		.join(", ");
}
