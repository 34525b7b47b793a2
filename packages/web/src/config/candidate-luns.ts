/** LUNs that nodes see and that are not on the allow-list, from what each node reports. */
import type { DiskAnswer } from "../api/queries.ts";
import { arrayText } from "../ui/shown.ts";

export interface Candidate {
	readonly wwid: string;
	/** Bytes; more than one where nodes see different sizes. */
	readonly sizes: readonly number[];
	readonly array: string;
	/** Kinds of data found on it. */
	readonly contents: readonly string[];
	readonly nodes: readonly string[];
	readonly minPaths: number;
	readonly maxPaths: number;
}

/** A node and the disks that it sees. */
export interface NodeDisks {
	readonly node: string;
	/** Null: unknown, or not yet reported. */
	readonly disks: readonly DiskAnswer[] | null;
	readonly isPending: boolean;
}

/** Those that most nodes see first. */
export function candidatesOf(answers: readonly NodeDisks[]): readonly Candidate[] {
	const all = answers.flatMap(({ node, disks }) =>
		(disks ?? []).flatMap((disk) => (disk.wwid === null ? [] : [{ node, disk, wwid: disk.wwid }])),
	);
	return [...Map.groupBy(all, ({ wwid }) => wwid)]
		.map(([wwid, found]): Candidate => {
			const paths = found.map(({ disk }) => disk.devices.length);
			const first = found[0]?.disk;
			return {
				wwid,
				sizes: [...new Set(found.map(({ disk }) => disk.size))],
				array: arrayText(first?.vendor, first?.model, "not reported"),
				contents: [...new Set(found.flatMap(({ disk }) => disk.carries ?? []))],
				nodes: found.map(({ node }) => node),
				minPaths: Math.min(...paths),
				maxPaths: Math.max(...paths),
			};
		})
		.sort((a, b) => b.nodes.length - a.nodes.length || b.maxPaths - a.maxPaths || (a.wwid < b.wwid ? -1 : 1));
}
