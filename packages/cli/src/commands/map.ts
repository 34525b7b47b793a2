import { nodeRoutes, PathkeeperError } from "@pathkeeper/model";
import type { Static } from "typebox";
import { table } from "../output/table.ts";
import { queueingText, shown, sizeText, stateWord } from "../output/words.ts";
import type { Session } from "../session.ts";

type NodeMap = Static<typeof nodeRoutes.nodeMaps.result>[number] & { readonly node: string };

/** `map list`: the maps of one node or of all that report. */
export async function listMaps(session: Session, node: string | undefined): Promise<void> {
	const { output } = session;
	const rows = await mapsOf(session, node);
	output.rows(rows, () =>
		rows.length === 0
			? "No map on any node that reports.\n"
			: table(
					[
						{ head: "NODE", cell: ({ node }) => node },
						{ head: "MAP", cell: ({ name }) => shown(name) },
						{ head: "DM", cell: ({ dm }) => dm ?? "-" },
						{ head: "STATE", cell: ({ state }) => stateWord(state, output.colour) },
						{ head: "PATHS", cell: pathCount, align: "right" },
						{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right" },
						{ head: "WWID", cell: ({ wwid }) => shown(wwid) },
					],
					rows,
				),
	);
}

/** `map show NAME|WWID|dm-N`: groups, paths, users. */
export async function showMap(session: Session, name: string, node: string | undefined): Promise<void> {
	const { output } = session;
	const found = (await mapsOf(session, node)).filter((map) => [map.name, map.wwid, map.dm].includes(name));
	if (found.length === 0) throw new PathkeeperError("NOT_FOUND", { values: { what: `map '${name}'` } });
	output.rows(found, () => found.map((map) => mapText(map, output.colour)).join("\n"));
}

function mapText(map: NodeMap, colour: boolean): string {
	const head = [
		`${map.node}: map ${shown(map.name)} (${map.dm ?? "no device"}), ${stateWord(map.state, colour)}`,
		...map.reasons.map((reason) => `  ${shown(reason)}`),
		`  WWID      ${shown(map.wwid)}`,
		`  device    ${shown(map.path)}`,
		`  disk      ${shown([map.vendor, map.model].filter(Boolean).join(" "))}, ${sizeText(map.size)}`,
		`  queueing  ${queueingText(map.queueing)}`,
		...map.users.map((user) => `  in use    ${shown(user)}`),
	];
	const rows = map.groups.flatMap(({ group, paths }) => paths.map((path) => ({ group, ...path })));
	const paths = table(
		[
			{ head: "  GROUP", cell: ({ group }) => `  ${group}` },
			{ head: "PATH", cell: ({ dev }) => shown(dev) || "gone" },
			{ head: "H:C:T:L", cell: ({ hctl }) => hctl ?? "-" },
			{ head: "STATE", cell: ({ state }) => stateWord(knownPathState(state), colour) },
			{ head: "CHECKER", cell: (path) => shown(path["checker-state"] ?? "-") },
			{ head: "DM", cell: (path) => shown(path["dm-state"] ?? "-") },
			{ head: "DEVICE", cell: (path) => shown(path["device-state"] ?? "-") },
			{ head: "THROUGH", cell: ({ transport }) => shown(transport?.portal ?? transport?.target ?? "-") },
		],
		rows,
	);
	return `${head.join("\n")}\n${paths}`;
}

const pathStates = ["gone", "failed", "unknown", "impaired", "standby", "usable"] as const;

/** A word that this command line does not know is unknown, never healthy. */
function knownPathState(word: string): (typeof pathStates)[number] {
	return pathStates.find((state) => state === word) ?? "unknown";
}

function pathCount({ groups }: NodeMap): string {
	const paths = groups.flatMap((group) => group.paths);
	return `${paths.filter(({ state }) => state === "usable").length}/${paths.length}`;
}

async function mapsOf({ client }: Session, node: string | undefined): Promise<NodeMap[]> {
	const nodes =
		node === undefined
			? (await client.call(nodeRoutes.listNodes, {})).filter(({ status }) => status === "online")
			: [{ node }];
	const lists = await Promise.all(
		nodes.map(async (one) => {
			const maps = await client.call(nodeRoutes.nodeMaps, { node: one.node });
			return maps.map((map) => ({ node: one.node, ...map }));
		}),
	);
	return lists.flat();
}
