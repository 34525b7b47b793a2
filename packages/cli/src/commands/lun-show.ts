import { multipathRoutes, nextSteps, nodeRoutes, sizeText, urgency } from "@pathkeeper/model";
import type { Output } from "../output/output.ts";
import { namesOf, withoutName } from "../output/told-once.ts";
import { queueingText, shown, stateWord } from "../output/words.ts";
import type { Session } from "../session.ts";
import { findLun } from "./find-lun.ts";
import type { Lun, LunEntry, LunOnNode, NodeMap } from "./fleet-answers.ts";
import { isNoAnswer } from "./no-answer.ts";
import { pathTable } from "./path-table.ts";

/** Beyond this number of nodes, only those where something is wrong are shown path by path. */
const mostInFull = 4;

interface NodeRow {
	readonly node: string;
	readonly here: LunOnNode;
	/** Null: no map, or the node cannot be asked. */
	readonly map: NodeMap | null;
}

/** `lun show WWID|ALIAS`: identity, verdict with reasons, settings, and the paths on every node. */
export async function showLun(session: Session, name: string, all: boolean): Promise<void> {
	const { client, output } = session;
	const { luns } = await client.call(multipathRoutes.getStatus, {});
	const lun = findLun(luns, name);
	const allowed = await client.call(multipathRoutes.listLuns, {});
	const config = allowed.find(({ wwid }) => wwid === lun.wwid) ?? null;
	const inFull = output.isTable && !all ? nodesInFull(lun) : Object.keys(lun.nodes);
	const nodes = await Promise.all(
		Object.entries(lun.nodes).map(async ([node, here]): Promise<NodeRow> => {
			const map = inFull.includes(node) ? await mapOn(session, node, lun.wwid) : null;
			return { node, here, map };
		}),
	);
	const maps = Object.fromEntries(nodes.map(({ node, map }) => [node, map]));
	output.document({ ...lun, config, maps }, () => {
		const sorted = nodes.toSorted((a, b) => rank(a.here) - rank(b.here) || byName(a.node, b.node));
		const brief = sorted.filter(({ node, here }) => here.state === "optimal" && !inFull.includes(node));
		return [
			lunText(lun, config, output),
			...sorted.filter((one) => !brief.includes(one)).map((one) => nodeText(one, output)),
			...(brief.length === 0 ? [] : [briefText(brief, output)]),
			...whatToDo(lun, output),
		].join("\n");
	});
}

function nodesInFull({ nodes }: Lun): string[] {
	const all = Object.entries(nodes);
	const kept =
		all.length <= mostInFull ? all : all.filter(([, here]) => here.state !== "optimal").slice(0, 20);
	return kept.map(([node]) => node);
}

/** The map with its paths; null when the node has none or cannot be asked, which its verdict says. */
async function mapOn({ client }: Session, node: string, wwid: string): Promise<NodeMap | null> {
	try {
		return (await client.call(nodeRoutes.nodeMaps, { node, wwid }))[0] ?? null;
	} catch (error) {
		if (isNoAnswer(error)) return null;
		throw error;
	}
}

function rank({ state }: LunOnNode): number {
	return urgency(state);
}

function lunText(lun: Lun, config: LunEntry | null, output: Output): string {
	const disk = [lun.vendor, lun.model].filter((text) => text !== null).join(" ");
	const { wwid: _, alias: __, comment, ...settings } = config ?? { wwid: lun.wwid };
	const set = Object.entries(settings).map(([key, value]) => `${key}=${String(value)}`);
	const facts = [
		["WWID", lun.wwid],
		["device", `/dev/disk/by-id/dm-uuid-mpath-${lun.wwid}`],
		["disk", `${disk === "" ? "not seen" : disk}, ${sizeText(lun.size)}`],
		["queueing", queueingText(lun.queueing)],
		...(lun.storages.length === 0 ? [] : [["storages", lun.storages.join(", ")]]),
		...(comment === undefined ? [] : [["comment", comment]]),
		...(config === null ? [["allowed", "no"]] : []),
		...(set.length === 0 ? [] : [["settings", set.join(" ")]]),
	];
	// What a node says stands with the node; here only what is about the LUN as a whole.
	const ofNodes = new Set(Object.values(lun.nodes).flatMap(({ reasons }) => reasons));
	return [
		`LUN ${shown(lun.alias ?? lun.wwid)}: ${stateWord(lun.state, output.colour)}\n`,
		...lun.reasons
			.filter((reason) => !ofNodes.has(reason))
			.map((reason) => output.lines(shown(reason), "  - ", "    ")),
		...facts.map(([name = "", value = ""]) =>
			output.lines(shown(value), `  ${name.padEnd(10)}`, " ".repeat(12)),
		),
	].join("");
}

function nodeText({ node, here, map }: NodeRow, output: Output): string {
	const counts = countsText(here);
	const device = map === null ? "" : `, map ${shown(map.name)} (${map.dm ?? "no device"})`;
	return [
		`${shown(node)}: ${stateWord(here.state, output.colour)}${counts}${device}\n`,
		...here.reasons.map((reason) => output.lines(shown(withoutName(reason, node)), "  - ", "    ")),
		...(map === null ? [] : map.users.map((user) => `  in use: ${shown(user)}\n`)),
		map === null ? "" : pathTable(map, output),
	].join("");
}

/** Nothing of a node that shows no map: nobody counted. */
function countsText({ state, paths, usable, expected }: LunOnNode): string {
	if (state === "unmanaged") return `, ${paths} paths`;
	return state === "unknown" && paths === 0 ? "" : `, ${usable} of ${expected} paths usable`;
}

function briefText(nodes: readonly NodeRow[], output: Output): string {
	const names = namesOf(nodes.map(({ node }) => shown(node)));
	return output.lines(`${names}: ${stateWord("optimal", output.colour)}; their paths: --all`);
}

/** The next steps, where something is wrong. */
function whatToDo({ reasons, nodes }: Lun, output: Output): string[] {
	const all = [...reasons, ...Object.values(nodes).flatMap((here) => here.reasons)];
	const steps = nextSteps(all);
	return steps.length === 0
		? []
		: [["What to do:\n", ...steps.map((step) => output.lines(step, "  - ", "    "))].join("")];
}

function byName(a: string, b: string): number {
	return a.localeCompare(b, "en", { numeric: true });
}
