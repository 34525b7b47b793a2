import {
	bySilentNodes,
	type HiddenLuns,
	hiddenLun,
	isTrouble,
	silenceText,
	sizeText,
	urgency,
	worstFirst,
} from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import type { Output } from "../output/output.ts";
import type { Column } from "../output/table.ts";
import { namesOf, toldOnce } from "../output/told-once.ts";
import { counted, marked, queueingText, shown, stateWord } from "../output/words.ts";
import type { Fleet, Lun, LunOnNode } from "./fleet-answers.ts";
import { fleetFindings } from "./fleet-findings.ts";
import { findingsInBrief, nodeTroubles } from "./node-troubles.ts";

/** At a glance: so many LUNs are told in full, and so many rows are shown of those that are well. */
const mostTold = 10;
const mostReasons = 8;
const mostRows = 40;
/** More nodes than this have no column of their own. */
const mostNodeColumns = 8;

/** The fleet for people, what is wrong first: how bad, which LUN, why, where, what next. */
export function statusText(fleet: Fleet, output: Output): string {
	const parts = [
		headline(fleet, output),
		fleetFindings(fleet, output),
		reasons(fleet, output),
		nodeTroubles(fleet.nodes, output),
		luns(fleet, output),
		findingsInBrief(fleet.nodes, output),
		next(fleet, output),
	];
	return parts.filter((part) => part !== "").join("\n");
}

function headline(fleet: Fleet, output: Output): string {
	if (fleet.nodes.length === 0) return emptyPlace(output, "noNode");
	if (fleet.luns.every(({ state }) => state === "unmanaged")) return emptyPlace(output, "nothingAllowed");
	return output.lines(summary(fleet), "", "");
}

function summary(fleet: Fleet): string {
	const { luns, nodes } = fleet;
	const allowed = luns.filter(({ state }) => state !== "unmanaged");
	const on = counted(nodes.length, "node");
	const counts = worstFirst.flatMap((state) => {
		const count = allowed.filter((lun) => lun.state === state).length;
		return count > 0 ? [`${count} ${state}`] : [];
	});
	const dark = nodes.map(({ node }) => node).filter((node) => !isKnown(node, { luns, nodes }));
	const but = dark.length === 0 ? "" : ` Not known: ${namesOf(dark.map(shown))}.`;
	const all = allowed.every(({ state }) => state === "optimal");
	const silence = onlySilence(fleet);
	if (silence !== null) {
		const rest = allowed.length - silence.luns.length;
		const others = rest === 0 ? "" : ` ${counted(rest, "other LUN")} ${rest === 1 ? "is" : "are"} optimal.`;
		return `${silenceText(silence, nameOf)}.${others}`;
	}
	if (!all) return `${counted(allowed.length, "LUN")} on ${on}: ${counts.join(", ")}.${but}`;
	const what = allowed.length === 1 ? "The one LUN is" : `All ${allowed.length} LUNs are`;
	const where = dark.length === 0 ? on : `${nodes.length - dark.length} of ${on}`;
	return `${what} optimal on ${where}.${but}`;
}

/** True when the node tells of every LUN that it should carry. */
function isKnown(node: string, { luns, nodes }: Pick<Fleet, "luns" | "nodes">): boolean {
	const isOnline = nodes.some((other) => other.node === node && other.online === 1);
	return isOnline && luns.every((lun) => lun.nodes[node]?.state !== "unknown");
}

function sorted({ luns }: Fleet): readonly Lun[] {
	return luns.toSorted((a, b) => urgency(a.state) - urgency(b.state));
}

function troubled(fleet: Fleet): readonly Lun[] {
	return sorted(fleet).filter(({ state }) => isTrouble(state));
}

/** LUNs with no trouble but that a node tells nothing: said once for all of them. */
function hidden({ luns, nodes }: Fleet): HiddenLuns<Lun>[] {
	const heard = new Set(
		nodes.flatMap(({ node, multipathd }) => (multipathd.state === "running" ? [node] : [])),
	);
	return bySilentNodes(
		luns.flatMap((lun) => {
			const seen = { ...lun, nodes: Object.entries(lun.nodes) };
			return hiddenLun(lun, seen, (node) => !heard.has(node)) ?? [];
		}),
	);
}

/** Null unless all that is wrong is that the same nodes tell nothing of several LUNs. */
function onlySilence(fleet: Fleet): HiddenLuns<Lun> | null {
	const [first] = hidden(fleet);
	return first !== undefined && first.luns.length === troubled(fleet).length ? first : null;
}

function reasons(fleet: Fleet, output: Output): string {
	const isSaid = onlySilence(fleet) !== null;
	const groups = hidden(fleet).filter(({ luns }) => luns.length > 1 || isSaid);
	const once = new Set(groups.flatMap(({ luns }) => luns));
	const all = troubled(fleet).filter((lun) => !once.has(lun));
	const told = all.slice(0, mostTold).map((lun) => {
		const reasons = toldOnce(lun.reasons);
		const lines = reasons.slice(0, mostReasons).map((reason) => output.lines(shown(reason), "  - ", "    "));
		const rest = reasons.length - mostReasons;
		const more =
			rest > 0 ? `  - and ${counted(rest, "more reason")}: pathkeeper lun show ${nameOf(lun)}\n` : "";
		return `${marked(lun.state, `${nameOf(lun)} is ${lun.state}`, output.colour)}\n${lines.join("")}${more}`;
	});
	const rest = all.length - mostTold;
	const lines = isSaid
		? []
		: groups.map((group) => output.lines(marked("unknown", silenceText(group, nameOf), output.colour)));
	return (
		told.join("") +
		lines.join("") +
		(rest > 0 ? `and ${counted(rest, "more LUN")} in trouble: pathkeeper lun list\n` : "")
	);
}

function luns(fleet: Fleet, output: Output): string {
	if (fleet.luns.length === 0) return "";
	const rows = sorted(fleet);
	const kept = rows.slice(0, mostRows);
	const rest = rows.length - kept.length;
	const table = output.table<Lun>(
		[
			{ head: "LUN", cell: nameOf },
			{ head: "STATE", cell: ({ state }) => stateWord(state, output.colour) },
			{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right", drop: 2 },
			{ head: "QUEUEING", cell: ({ queueing }) => queueingText(queueing).replace(/:.*/, ""), drop: 1 },
			...perNode(fleet, output),
		],
		kept,
	);
	return table + (rest > 0 ? `and ${counted(rest, "more LUN")}: pathkeeper lun list\n` : "");
}

/** A column a node while they fit, else one with how many are how. */
function perNode({ nodes, luns }: Fleet, output: Output): Column<Lun>[] {
	const columns = nodes.map(({ node }) => ({
		head: shown(node),
		cell: (lun: Lun) => nodeCell(lun.nodes[node], output.colour),
	}));
	const longestName = Math.max(0, ...luns.map((lun) => nameOf(lun).length));
	const width = columns.reduce((sum, { head }) => sum + Math.max(head.length, 6) + 2, longestName + 12);
	if (columns.length <= mostNodeColumns && width <= output.width) return columns;
	return [{ head: "NODES", cell: (lun: Lun) => nodesInWords(lun, output.colour) }];
}

/** Usable of expected paths behind the mark of the state; `-` where the LUN is not meant to be. */
function nodeCell(here: LunOnNode | undefined, colour: boolean): string {
	if (here === undefined) return "-";
	const count = here.state === "unmanaged" ? `${here.usable}` : `${here.usable}/${here.expected}`;
	const text = here.state === "missing" ? "none" : here.state === "unknown" && here.paths === 0 ? "-" : count;
	return marked(here.state, text, colour);
}

/** How many nodes are in which state; the reasons name those that are not well. */
function nodesInWords({ nodes, state }: Lun, colour: boolean): string {
	const all = Object.values(nodes);
	if (state === "unmanaged") return `on ${counted(all.length, "node")}`;
	const counts = worstFirst.flatMap((word) => {
		const count = all.filter((here) => here.state === word).length;
		return count === 0 ? [] : [marked(word, `${count} ${word}`, colour)];
	});
	return counts.join("  ");
}

function next(fleet: Fleet, output: Output): string {
	const [worst] = troubled(fleet);
	return worst === undefined
		? ""
		: output.lines(`Paths, ports and what to look at: pathkeeper lun show ${nameOf(worst)}`);
}

function nameOf({ alias, wwid }: Lun): string {
	return shown(alias ?? wwid);
}
