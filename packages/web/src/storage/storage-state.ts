/** The state of a storage, from what the nodes report. What a node does not report is unknown, and never optimal. */
import { parseVolumeId, splitList } from "@pathkeeper/model";
import { counted } from "../ui/counted.ts";
import { shown } from "../ui/shown.ts";
import type { ShownState } from "../ui/states.ts";
import type { NodeStorageAnswer, StorageAnswer } from "./answers.ts";
import { valuesOf } from "./storage-text.ts";

/** What one node reports of its storages, or why it reports nothing. */
export interface StorageReport {
	readonly node: string;
	readonly isOnline: boolean;
	/** Undefined while it is asked, or when it did not answer. */
	readonly storages: readonly NodeStorageAnswer[] | undefined;
	/** Why it did not answer; null when it did, or still may. */
	readonly problem: string | null;
}

/** A storage on one node. */
export type StorageOnNode = { readonly node: string } & (
	| { readonly kind: "active"; readonly total: number; readonly used: number }
	| { readonly kind: "inactive"; readonly problem: string }
	| { readonly kind: "unknown"; readonly problem: string }
	| { readonly kind: "asking" }
	/** The node does not use it: other nodes are named, it is disabled, or its section is not valid. */
	| { readonly kind: "none" }
);

/** A state, and the text that is shown next to its mark. */
export interface StateText {
	readonly state: ShownState;
	readonly word: string;
}

export interface Usage {
	/** Bytes. */
	readonly used: number;
	readonly total: number;
	/** The node with this usage; null: it is the same on every node. */
	readonly node: string | null;
}

/** A storage on every node of the fleet, in the order of the nodes. */
export function storageOnNodes(
	storage: StorageAnswer,
	reports: readonly StorageReport[],
): readonly StorageOnNode[] {
	const values = valuesOf(storage);
	const nodes = values.get("nodes");
	const only = nodes === undefined ? null : splitList(nodes);
	const isUnused = values.get("disable") === "1" || storage.left_out === 1;
	return reports.map((report) => {
		const { node } = report;
		if (isUnused || (only !== null && !only.includes(node))) return { node, kind: "none" };
		return storageOnNode(storage.storage, report);
	});
}

/** A storage as one node reports it. */
export function storageOnNode(
	id: string,
	{ node, isOnline, storages, problem }: StorageReport,
): StorageOnNode {
	if (!isOnline) return { node, kind: "unknown", problem: "no sign of life from its agent" };
	if (problem !== null) return { node, kind: "unknown", problem };
	if (storages === undefined) return { node, kind: "asking" };
	const found = storages.find(({ storage }) => storage === id);
	if (found === undefined) return { node, kind: "unknown", problem: "the node does not report it yet" };
	if (found.active === 1) return { node, kind: "active", total: found.total, used: found.used };
	if (found.enabled !== 1) return { node, kind: "none" };
	return { node, kind: "inactive", problem: found.problem ?? "the node reports no reason" };
}

/** The storage as a whole: the worst of its nodes, and how many have it. */
export function storageState(storage: StorageAnswer, nodes: readonly StorageOnNode[]): StateText {
	if (storage.left_out === 1) return { state: "failed", word: "has no effect" };
	const concerned = nodes.filter(({ kind }) => kind !== "none");
	const count = (kind: StorageOnNode["kind"]) => concerned.filter((node) => node.kind === kind).length;
	const [active, inactive, unknown] = [count("active"), count("inactive"), count("unknown")];
	const all = counted(concerned.length, "node");
	if (nodes.length === 0) return { state: "unknown", word: "no node" };
	if (concerned.length === 0) return { state: "unmanaged", word: "not used on any node" };
	if (active === concerned.length) return { state: "optimal", word: `active on ${all}` };
	if (inactive === concerned.length) return { state: "failed", word: `not active on ${all}` };
	const rest = unknown > 0 ? `, ${unknown} unknown` : "";
	if (inactive > 0)
		return { state: active > 0 ? "degraded" : "failed", word: `active on ${active} of ${all}${rest}` };
	const asking = concerned.length - active - unknown;
	if (active === 0) return { state: "unknown", word: asking > 0 ? `asking ${all} …` : "unknown" };
	return {
		state: "unknown",
		word: `active on ${active} of ${all}${rest}${asking > 0 ? ", asking …" : ""}`,
	};
}

/** What is wrong on which node. */
export function problemsOf(nodes: readonly StorageOnNode[]): readonly string[] {
	return nodes.flatMap((here) =>
		here.kind === "inactive" || here.kind === "unknown"
			? [`${shown(here.node)}: ${shown(here.problem)}`]
			: [],
	);
}

/** How full it is; of a storage that each node has for itself, the fullest. Null where that is unknown. */
export function usageOf(storage: StorageAnswer, nodes: readonly StorageOnNode[]): Usage | null {
	const known = nodes.flatMap((here) => (here.kind === "active" && here.total > 0 ? [here] : []));
	const [fullest] = known.toSorted((a, b) => b.used / b.total - a.used / a.total);
	if (fullest === undefined) return null;
	const isOne = storage.shared === 1 || known.length === 1 || baseOf(storage) !== null;
	return { used: fullest.used, total: fullest.total, node: isOne ? null : fullest.node };
}

/** The volume that it is built on: the storage that shows it, and the WWID of its LUN. */
export function baseOf(
	storage: StorageAnswer,
): { readonly storage: string; readonly volname: string } | null {
	return parseVolumeId(valuesOf(storage).get("base") ?? "");
}

/** The storages that are built on a LUN of another storage. */
export function storagesOn(
	stored: readonly StorageAnswer[],
	storage: string,
	wwid: string,
): readonly StorageAnswer[] {
	return stored.filter((other) => {
		const base = baseOf(other);
		return base?.volname === wwid && base.storage.toLowerCase() === storage.toLowerCase();
	});
}
