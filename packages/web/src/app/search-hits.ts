/** What the search finds in the fleet. */
import { type Picture, sizeText } from "@pathkeeper/model";
import type { StorageAnswer } from "../storage/answers.ts";
import type { StoragesOfLuns } from "../storage/storages-of-luns.ts";
import { nameOf, shown } from "../ui/shown.ts";

export interface Hit {
	readonly kind: "LUN" | "node" | "storage";
	readonly id: string;
	readonly name: string;
	readonly more: string;
	/** Null for what has no mark. */
	readonly state: string | null;
}

const maxHits = 12;

/** Nodes and storages by name, and LUNs by WWID, alias and the storages on them; a few of each. */
export function searchHits(
	{ luns, nodes }: Picture,
	stored: readonly StorageAnswer[],
	storages: StoragesOfLuns,
	text: string,
): readonly Hit[] {
	const words = text.trim().toLowerCase();
	if (words === "") return [];
	const hits: Hit[] = [];
	for (const { node } of nodes) {
		if (node.toLowerCase().includes(words))
			hits.push({ kind: "node", id: node, name: shown(node), more: "", state: null });
		if (hits.length >= maxHits / 2) break;
	}
	for (const { storage, type } of stored) {
		if (hits.length >= (maxHits * 2) / 3) break;
		if (storage.toLowerCase().includes(words))
			hits.push({ kind: "storage", id: storage, name: shown(storage), more: shown(type), state: null });
	}
	for (const lun of luns) {
		if (hits.length >= maxHits) break;
		const above = storages.get(lun.wwid) ?? [];
		if (![lun.wwid, lun.alias ?? "", ...above].some((name) => name.toLowerCase().includes(words))) continue;
		const more = [
			...(lun.alias === null ? [] : [shown(lun.wwid)]),
			sizeText(lun.size),
			...(above.length === 0 ? [] : [`storage ${above.map(shown).join(", ")}`]),
		].join(" · ");
		hits.push({ kind: "LUN", id: lun.wwid, name: nameOf(lun), more, state: lun.state });
	}
	return hits;
}
