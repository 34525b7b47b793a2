/** LUNs whose only problem is that a node does not report: they are shown as groups, not one by one. */
import {
	bySilentNodes,
	type HiddenLun,
	type HiddenLuns,
	type Picture,
	silenceText,
	unpackCell,
} from "@pathkeeper/model";
import { nameOf } from "../ui/shown.ts";

const apart = 0;
const well = 1;
const dark = 2;
const trouble = 3;

/** What a cell means for its LUN, by its byte. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
	const { state, last } = unpackCell(byte);
	if (state === null || state === "unmanaged") return apart;
	if (state === "optimal") return well;
	const wasWell = last === null || last === "optimal" || last === "unknown";
	return state === "unknown" && wasWell ? dark : trouble;
});

/** Rows of the picture by the nodes that do not report them; a row that has another problem is in no group. */
export function silentGroups(picture: Picture): readonly HiddenLuns<number>[] {
	const { luns, nodes, states } = picture;
	const isDark = nodes.map(({ multipathd }) => multipathd !== "running");
	if (!isDark.includes(true)) return [];
	const hidden: HiddenLun<number>[] = [];
	for (const [row, lun] of luns.entries()) {
		if (lun.state !== "unknown" || lun.conflict !== undefined) continue;
		let wellOn = 0;
		const silent: string[] = [];
		let isHidden = true;
		for (let column = 0; column < nodes.length && isHidden; column++) {
			const kind = kinds[states[row * nodes.length + column] ?? 255];
			if (kind === well) wellOn += 1;
			else if (kind === dark && isDark[column] === true) silent.push(nodes[column]?.node ?? "");
			else isHidden = kind === apart;
		}
		if (isHidden && silent.length > 0) hidden.push({ lun: row, nodes: silent, wellOn });
	}
	return bySilentNodes(hidden);
}

/** `128 LUNs are optimal on 2 nodes and unknown on n3`. */
export function silenceOf(group: HiddenLuns<number>, { luns }: Picture): string {
	return silenceText(group, (row) => {
		const lun = luns[row];
		return lun === undefined ? "" : nameOf(lun);
	});
}
