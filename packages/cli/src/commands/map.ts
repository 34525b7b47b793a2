import { messageOf, nodeRoutes, PathkeeperError, sizeText } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import type { Output } from "../output/output.ts";
import { withoutName } from "../output/told-once.ts";
import { queueingText, shown, stateWord } from "../output/words.ts";
import type { Session } from "../session.ts";
import type { NodeMap } from "./fleet-answers.ts";
import { isNoAnswer } from "./no-answer.ts";
import { pathTable } from "./path-table.ts";

type MapOnNode = NodeMap & { readonly node: string };

/** `map list`: the maps of one node or of all that report. */
export async function listMaps(session: Session, node: string | undefined): Promise<void> {
	const { output } = session;
	const rows = await mapsOf(session, node);
	output.rows(rows, () =>
		rows.length === 0
			? emptyPlace(output, "noMap")
			: output.table<MapOnNode>(
					[
						{ head: "NODE", cell: (map) => shown(map.node) },
						{ head: "MAP", cell: ({ name }) => shown(name) },
						{ head: "STATE", cell: ({ state }) => stateWord(state, output.colour) },
						{ head: "PATHS", cell: pathCount, align: "right" },
						{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right", drop: 3 },
						{ head: "DM", cell: ({ dm }) => dm ?? "-", drop: 2 },
						{ head: "WWID", cell: ({ wwid }) => shown(wwid), drop: 1 },
					],
					rows,
				),
	);
}

/** `map show NAME|WWID|dm-N`: groups, paths, users. */
export async function showMap(session: Session, name: string, node: string | undefined): Promise<void> {
	const { output } = session;
	const found = (await mapsOf(session, node)).filter((map) => [map.name, map.wwid, map.dm].includes(name));
	if (found.length === 0) throw new PathkeeperError("NOT_FOUND", { what: `map '${name}'` });
	output.rows(found, () => found.map((map) => mapText(map, output)).join("\n"));
}

function mapText(map: MapOnNode, output: Output): string {
	const disk = [map.vendor, map.model].filter((text) => text !== null).join(" ");
	const facts = [
		`WWID      ${shown(map.wwid)}`,
		`device    ${shown(map.path)}`,
		`disk      ${shown(disk)}, ${sizeText(map.size)}`,
		`queueing  ${queueingText(map.queueing)}`,
		...map.users.map((user) => `in use    ${shown(user)}`),
	];
	return [
		`${shown(map.node)}: map ${shown(map.name)} (${map.dm ?? "no device"}), ${stateWord(map.state, output.colour)}\n`,
		...map.reasons.map((reason) => output.lines(shown(withoutName(reason, map.node)), "  - ", "    ")),
		...facts.map((fact) => `  ${fact}\n`),
		pathTable(map, output),
	].join("");
}

function pathCount({ groups }: NodeMap): string {
	const paths = groups.flatMap((group) => group.paths);
	return `${paths.filter(({ state }) => state === "usable").length}/${paths.length}`;
}

/** The maps of the nodes that report. A node that was named must; others that cannot be asked are told of and left. */
async function mapsOf({ client, output }: Session, node: string | undefined): Promise<MapOnNode[]> {
	if (node !== undefined) {
		return (await client.call(nodeRoutes.nodeMaps, { node })).map((map) => ({ node, ...map }));
	}
	const nodes = await client.call(nodeRoutes.listNodes, {});
	const lists = await Promise.all(
		nodes.map(async ({ node: name }) => {
			try {
				return (await client.call(nodeRoutes.nodeMaps, { node: name })).map((map) => ({
					node: name,
					...map,
				}));
			} catch (error) {
				if (!isNoAnswer(error)) throw error;
				output.note(`not shown: ${shown(messageOf(error))}`);
				return [];
			}
		}),
	);
	return lists.flat();
}
