/** The state of the fleet in one sentence: is any LUN in danger? */
import { emptyPlaces, isTrouble, type LunState, type Picture, worstFirst } from "@pathkeeper/model";
import { statesOn } from "../nodes/node-state.ts";
import { counted } from "../ui/counted.ts";
import { shown } from "../ui/shown.ts";
import { countStates } from "./rows.ts";
import { silenceOf, silentGroups } from "./silence.ts";

export interface Headline {
	/** State that the sentence is about. */
	readonly state: LunState;
	readonly text: string;
	/** What limits it: nodes that do not report. */
	readonly but: string | null;
}

export function headline(picture: Picture): Headline {
	const { nodes, luns } = picture;
	const on = counted(nodes.length, "node");
	const silent = silentNodes(picture);
	const but = silent.length === 0 ? null : `Unknown: ${listed(silent.map(shown))}.`;
	const allowed = luns.filter(({ state }) => state !== "unmanaged").length;
	if (nodes.length === 0) return { state: "unknown", text: emptyPlaces.noNode.title, but: null };
	if (allowed === 0) return { state: "unmanaged", text: `No LUN is allowed yet on ${on}.`, but };
	const counts = countStates(picture);
	if (counts.get("optimal") === allowed) {
		const what = allowed === 1 ? "The one LUN is" : `All ${allowed.toLocaleString("en")} LUNs are`;
		const where = silent.length === 0 ? on : `${nodes.length - silent.length} of ${on}`;
		return { state: silent.length === 0 ? "optimal" : "unknown", text: `${what} optimal on ${where}.`, but };
	}
	const [silence] = silentGroups(picture);
	if (silence !== undefined && silence.luns.length + (counts.get("optimal") ?? 0) === allowed) {
		const rest = allowed - silence.luns.length;
		const others = rest === 0 ? "" : ` ${counted(rest, "other LUN")} ${rest === 1 ? "is" : "are"} optimal.`;
		return { state: "unknown", text: `${silenceOf(silence, picture)}.${others}`, but: null };
	}
	const bad = worstFirst.filter((state) => isTrouble(state) && counts.has(state));
	const parts = bad.map((state) => `${(counts.get(state) ?? 0).toLocaleString("en")} ${state}`);
	return {
		state: bad[0] ?? "unknown",
		text: `${listed(parts)} of ${counted(allowed, "LUN")} on ${on}.`,
		but,
	};
}

/** Nodes that do not report every LUN that they should have. */
function silentNodes(picture: Picture): string[] {
	return picture.nodes.flatMap(({ node, online }, column) =>
		online === 0 || statesOn(picture, column).has("unknown") ? [node] : [],
	);
}

function listed(parts: readonly string[]): string {
	const max = 6;
	if (parts.length > max) return `${parts.slice(0, max).join(", ")} and ${parts.length - max} more`;
	const last = parts.at(-1) ?? "";
	return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
