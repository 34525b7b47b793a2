/** Which LUNs are shown and in which order. The order stays while data change, so that nothing jumps. */
import { isTrouble, type LunState, type Picture, urgency, worstFirst } from "@pathkeeper/model";
import type { StoragesOfLuns } from "../storage/storages-of-luns.ts";
import { byName } from "../ui/by-name.ts";
import { arrayText, shown } from "../ui/shown.ts";

export const orders = ["worst", "name", "size"] as const;
export type Order = (typeof orders)[number];
export const groupings = ["none", "array", "storage", "state"] as const;
export type Grouping = (typeof groupings)[number];

export interface Row {
	/** Index of the LUN in the picture. */
	readonly lun: number;
	readonly group: string;
}

export interface Choice {
	readonly state: LunState | null;
	readonly order: Order;
	readonly grouping: Grouping;
	/** What uses each LUN; null: unknown. */
	readonly storages: StoragesOfLuns | null;
}

export function rowsOf({ luns }: Picture, { state, order, grouping, storages }: Choice): readonly Row[] {
	const rows = luns.flatMap((lun, at) =>
		state === null || lun.state === state ? [{ lun: at, group: groupOf(lun, grouping, storages) }] : [],
	);
	const ranks = nameRanks(luns);
	const rank = (row: Row) => urgency(luns[row.lun]?.state ?? "unknown");
	const byRank = (a: Row, b: Row) => (ranks[a.lun] ?? 0) - (ranks[b.lun] ?? 0);
	const compare: Record<Order, (a: Row, b: Row) => number> = {
		worst: (a, b) => rank(a) - rank(b) || byRank(a, b),
		name: byRank,
		size: (a, b) => (luns[b.lun]?.size ?? 0) - (luns[a.lun]?.size ?? 0) || byRank(a, b),
	};
	const sorted = rows.sort(compare[order]);
	if (grouping === "none") return sorted;
	const groups = Map.groupBy(sorted, ({ group }) => group);
	const names = [...groups.keys()].sort((a, b) =>
		grouping === "state" ? stateRank(a) - stateRank(b) : byName(a, b),
	);
	return names.flatMap((group) => groups.get(group) ?? []);
}

let ranked: { readonly names: readonly string[]; readonly ranks: readonly number[] } = {
	names: [],
	ranks: [],
};

/**
 * The place of each LUN in the order of their names. It is kept until a name comes or goes: pictures come ten times a
 * second, and comparing names is what sorting costs.
 */
function nameRanks(luns: Picture["luns"]): readonly number[] {
	const isSame = luns.length === ranked.names.length;
	if (isSame && luns.every(({ alias, wwid }, at) => (alias ?? wwid) === ranked.names[at]))
		return ranked.ranks;
	const names = luns.map(({ alias, wwid }) => alias ?? wwid);
	const ranks: number[] = [];
	const order = names.map((_, at) => at).sort((a, b) => byName(names[a] ?? "", names[b] ?? ""));
	for (const [rank, at] of order.entries()) ranks[at] = rank;
	ranked = { names, ranks };
	return ranks;
}

function groupOf(lun: Picture["luns"][number], grouping: Grouping, storages: Choice["storages"]): string {
	if (grouping === "state") return lun.state;
	if (grouping === "none") return "";
	if (grouping === "storage") {
		if (storages === null) return "storages unknown";
		return storages.get(lun.wwid)?.map(shown).join(", ") ?? "no storage";
	}
	return arrayText(lun.vendor, lun.model, "array not reported");
}

function stateRank(state: string): number {
	const words: readonly string[] = worstFirst;
	return words.indexOf(state);
}

/** How many LUNs are in each state; those that are not allowed are `unmanaged`. */
export function countStates({ luns }: Picture): ReadonlyMap<LunState, number> {
	const counts = new Map<LunState, number>();
	for (const { state } of luns) counts.set(state, (counts.get(state) ?? 0) + 1);
	return counts;
}

/** LUNs in trouble, worst first. */
export function troubledRows(picture: Picture): readonly number[] {
	const names = nameRanks(picture.luns);
	return picture.luns
		.map((lun, at) => ({ lun, at }))
		.filter(({ lun }) => isTrouble(lun.state))
		.sort((a, b) => urgency(a.lun.state) - urgency(b.lun.state) || (names[a.at] ?? 0) - (names[b.at] ?? 0))
		.map(({ at }) => at);
}
