import { messageOf, multipathRoutes, nodeRoutes, sizeText } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown, stateWord } from "../output/words.ts";
import type { Session } from "../session.ts";
import type { LunEntry } from "./fleet-answers.ts";
import { isNoAnswer } from "./no-answer.ts";

/** `lun list`: the allow-list with states. */
export async function listLuns({ client, output }: Session): Promise<void> {
	const { luns } = await client.call(multipathRoutes.getStatus, {});
	const allowed = await client.call(multipathRoutes.listLuns, {});
	const byWwid = new Map(luns.map((lun) => [lun.wwid, lun]));
	const rows = allowed.map((lun) => ({
		...lun,
		state: byWwid.get(lun.wwid)?.state ?? ("unknown" as const),
		size: byWwid.get(lun.wwid)?.size ?? null,
	}));
	output.rows(rows, () =>
		rows.length === 0
			? emptyPlace(output, "nothingAllowed")
			: output.table<LunEntry & (typeof rows)[number]>(
					[
						{ head: "ALIAS", cell: ({ alias }) => shown(alias ?? "-") },
						{ head: "WWID", cell: ({ wwid }) => shown(wwid) },
						{ head: "STATE", cell: ({ state }) => stateWord(state, output.colour) },
						{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right", drop: 3 },
						{ head: "NODES", cell: ({ nodes }) => shown(nodes ?? "all"), drop: 2 },
						{ head: "COMMENT", cell: ({ comment }) => shown(comment ?? ""), drop: 1 },
					],
					rows,
				),
	);
}

interface Candidate {
	readonly wwid: string;
	readonly size: number;
	readonly vendor: string | null;
	readonly model: string | null;
	readonly carries: string | null;
	readonly nodes: readonly { readonly node: string; readonly devices: readonly string[] }[];
}

/** `lun list --candidates`: LUNs that nodes see and nobody allowed, and local disks for what they are. */
export async function listCandidates({ client, output }: Session): Promise<void> {
	const nodes = await client.call(nodeRoutes.listNodes, {});
	const lists = await Promise.all(
		nodes.map(async ({ node }) => {
			try {
				return (await client.call(nodeRoutes.nodeDisks, { node })).map((disk) => ({ node, ...disk }));
			} catch (error) {
				if (!isNoAnswer(error)) throw error;
				output.note(`not shown: ${shown(messageOf(error))}`);
				return null;
			}
		}),
	);
	const answers = lists.filter((list) => list !== null);
	const seen = answers.flat().filter(({ wwid, allowed }) => wwid !== null && allowed === 0);
	const rows = [...Map.groupBy(seen, ({ wwid }) => wwid)].map(([wwid, disks]): Candidate => {
		const first = <T>(values: readonly (T | null)[]) => values.find((value) => value !== null) ?? null;
		return {
			wwid: wwid ?? "",
			size: first(disks.map(({ size }) => size)) ?? 0,
			vendor: first(disks.map(({ vendor }) => vendor)),
			model: first(disks.map(({ model }) => model)),
			carries: first(disks.map(({ carries }) => carries)),
			nodes: disks.map(({ node, devices }) => ({ node, devices: devices.map(({ dev }) => dev) })),
		};
	});
	output.rows(rows, () =>
		rows.length === 0
			? emptyPlace(output, noCandidates(nodes.length, answers.length))
			: output
					.table<Candidate>(
						[
							{ head: "WWID", cell: ({ wwid }) => shown(wwid) },
							{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right" },
							{ head: "PATHS", cell: pathsWord, align: "right" },
							{ head: "CARRIES", cell: ({ carries }) => shown(carries ?? "nothing known") },
							{
								head: "SEEN ON",
								cell: (row) => `${row.nodes.length} of ${nodes.length}`,
								drop: 2,
							},
							{
								head: "DISK",
								cell: ({ vendor, model }) => shown([vendor, model].filter(Boolean).join(" ")),
								drop: 1,
							},
							{ head: "DEVICES", cell: devicesWord, drop: 0 },
						],
						rows,
					)
					.concat("Allow one: pathkeeper lun allow WWID alias=NAME\n"),
	);
}

function noCandidates(nodes: number, answers: number) {
	if (nodes === 0) return "noNode" as const;
	return answers === 0 ? ("noAnswer" as const) : ("noCandidate" as const);
}

/** Paths a node; `3–4` where the nodes differ. */
function pathsWord({ nodes }: Candidate): string {
	const counts = nodes.map(({ devices }) => devices.length);
	const [least, most] = [Math.min(...counts), Math.max(...counts)];
	return least === most ? String(most) : `${least}–${most}`;
}

function devicesWord({ nodes }: Candidate): string {
	return nodes.map(({ node, devices }) => `${shown(node)}:${devices.map(shown).join(",")}`).join(" ");
}
