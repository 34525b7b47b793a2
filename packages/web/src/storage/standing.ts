/** How a storage stands, from what the nodes said of it. What a node did not say is not known, and never well. */
import { parseVolumeId, splitList } from "@pathkeeper/model";
import type { Look } from "../ui/states.ts";
import { counted, shown } from "../ui/words.ts";
import type { NodeStorageAnswer, StorageAnswer } from "./answers.ts";
import { valuesOf } from "./storage-text.ts";

/** What one node said, or why it said nothing. */
export interface NodeSaid {
	readonly node: string;
	readonly isOnline: boolean;
	/** Its storages; undefined while it is asked, or when it did not answer. */
	readonly storages: readonly NodeStorageAnswer[] | undefined;
	/** Why it did not answer; null when it did or still may. */
	readonly problem: string | null;
}

/** A storage on one node. */
export type OnNode = { readonly node: string } & (
	| { readonly kind: "active"; readonly total: number; readonly used: number }
	| { readonly kind: "inactive"; readonly problem: string }
	| { readonly kind: "unknown"; readonly problem: string }
	| { readonly kind: "asking" }
	/** It is not to have the storage, or nobody is: it is disabled, or its section gives none. */
	| { readonly kind: "none" }
);

export interface Standing {
	readonly look: Look;
	readonly word: string;
}

export interface Usage {
	/** Bytes. */
	readonly used: number;
	readonly total: number;
	/** Node that it is about; null: every node sees the same. */
	readonly node: string | null;
}

/** A storage on every node of the fleet, in the order of the nodes. */
export function onNodes(storage: StorageAnswer, said: readonly NodeSaid[]): readonly OnNode[] {
	const values = valuesOf(storage);
	const nodes = values.get("nodes");
	const only = nodes === undefined ? null : splitList(nodes);
	const isUnused = values.get("disable") === "1" || storage.left_out === 1;
	return said.map((one) => {
		const { node } = one;
		if (isUnused || (only !== null && !only.includes(node))) return { node, kind: "none" };
		return onNode(storage.storage, one);
	});
}

/** A storage as one node tells of it. */
export function onNode(id: string, { node, isOnline, storages, problem }: NodeSaid): OnNode {
	if (!isOnline) return { node, kind: "unknown", problem: "no sign of life from its agent" };
	if (problem !== null) return { node, kind: "unknown", problem };
	if (storages === undefined) return { node, kind: "asking" };
	const found = storages.find(({ storage }) => storage === id);
	if (found === undefined) return { node, kind: "unknown", problem: "the node does not tell of it yet" };
	if (found.active === 1) return { node, kind: "active", total: found.total, used: found.used };
	if (found.enabled !== 1) return { node, kind: "none" };
	return { node, kind: "inactive", problem: found.problem ?? "it is not said why" };
}

/** The storage as a whole: the worst of its nodes, and how many have it. */
export function standingOf(storage: StorageAnswer, places: readonly OnNode[]): Standing {
	if (storage.left_out === 1) return { look: "failed", word: "has no effect" };
	const concerned = places.filter(({ kind }) => kind !== "none");
	const count = (kind: OnNode["kind"]) => concerned.filter((place) => place.kind === kind).length;
	const [active, inactive, unknown] = [count("active"), count("inactive"), count("unknown")];
	const all = counted(concerned.length, "node");
	if (places.length === 0) return { look: "unknown", word: "no node is known" };
	if (concerned.length === 0) return { look: "unmanaged", word: "used on no node" };
	if (active === concerned.length) return { look: "optimal", word: `active on ${all}` };
	if (inactive === concerned.length) return { look: "failed", word: `not active on ${all}` };
	const rest = unknown > 0 ? `, ${unknown} not known` : "";
	if (inactive > 0)
		return { look: active > 0 ? "degraded" : "failed", word: `active on ${active} of ${all}${rest}` };
	const asking = concerned.length - active - unknown;
	if (active === 0) return { look: "unknown", word: asking > 0 ? `asking ${all} …` : "not known" };
	return {
		look: "unknown",
		word: `active on ${active} of ${all}${rest}${asking > 0 ? ", asking …" : ""}`,
	};
}

/** What is wrong with it where, in words. */
export function troublesOf(places: readonly OnNode[]): readonly string[] {
	return places.flatMap((place) =>
		place.kind === "inactive" || place.kind === "unknown"
			? [`${shown(place.node)}: ${shown(place.problem)}`]
			: [],
	);
}

/** How full it is: of a storage that nodes have each their own of, the fullest. Null where that is not known. */
export function usageOf(storage: StorageAnswer, places: readonly OnNode[]): Usage | null {
	const known = places.flatMap((place) => (place.kind === "active" && place.total > 0 ? [place] : []));
	const [fullest] = known.toSorted((a, b) => b.used / b.total - a.used / a.total);
	if (fullest === undefined) return null;
	const isOne = storage.shared === 1 || known.length === 1 || baseOf(storage) !== null;
	return { used: fullest.used, total: fullest.total, node: isOne ? null : fullest.node };
}

/** The volume that it stands on: the storage that shows it, and the WWID of its LUN. */
export function baseOf(
	storage: StorageAnswer,
): { readonly storage: string; readonly volname: string } | null {
	return parseVolumeId(valuesOf(storage).get("base") ?? "");
}
