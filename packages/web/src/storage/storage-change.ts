import { addStorage, type StorageType, splitList, storageRoutes, updateStorage } from "@pathkeeper/model";
import { client } from "../api/client.ts";
import { shown } from "../ui/shown.ts";
import type { StorageAnswer } from "./answers.ts";

/** A change of a storage that is not carried out yet. */
export interface StorageChange {
	readonly title: string;
	/** What it does apart from the change of storage.cfg, as sentences. */
	readonly effects: readonly string[];
	/** The document after the change; throws what is wrong with it, by field. */
	readonly proposal: (text: string) => string;
	/** True where nodes that cannot be asked may be left out: they might use the LUN that is written to. */
	readonly mayForce: boolean;
	/** Carries it out; refused when the stored document has another digest. */
	readonly save: (digest: string | undefined, force: boolean) => Promise<unknown>;
}

type Texts = Readonly<Record<string, string>>;

/** A new storage; what it is built on is created on a node before it is saved. */
export function adding(types: readonly StorageType[], id: string, type: string, set: Texts): StorageChange {
	return {
		title: `Add storage ${shown(id)}`,
		effects: effectsOfAdding(type, set),
		mayForce: set["base"] !== undefined,
		proposal: (text) => addStorage(text, types, id, type, set),
		save: (digest, force) =>
			client.call(storageRoutes.addStorage, {
				storage: id,
				type,
				...set,
				...(digest === undefined ? {} : { digest }),
				...(force ? { force: 1 as const } : {}),
			}),
	};
}

/** Other values for an existing storage. */
export function changing(
	types: readonly StorageType[],
	{ storage: id }: StorageAnswer,
	change: { readonly set: Texts; readonly delete: readonly string[] },
): StorageChange {
	return {
		title: `Change storage ${shown(id)}`,
		effects: effectsOfChanging(change),
		mayForce: false,
		proposal: (text) => updateStorage(text, types, id, change),
		save: (digest) =>
			client.call(storageRoutes.putStorage, {
				storage: id,
				...change.set,
				...(change.delete.length === 0 ? {} : { delete: change.delete.join(",") }),
				...(digest === undefined ? {} : { digest }),
			}),
	};
}

function effectsOfAdding(type: string, set: Texts): readonly string[] {
	if (set["disable"] === "1") return ["It is disabled: no node uses it, and nothing is created."];
	const group = shown(set["vgname"] ?? "");
	const base = shown(set["base"] ?? "");
	if (type === "lvm" && base !== "")
		return [
			`One node looks for volume group ${group} on ${base}. If there is none, the LUN is empty and no node uses it, the group is created: that writes to the LUN.`,
			"A LUN that contains anything else is left unchanged, and the storage is not added.",
		];
	if (type === "lvm")
		return [`Volume group ${group} has to exist already; nothing is written to any device.`];
	if (type === "dir")
		return [
			set["mkdir"] === "0"
				? "The folder has to exist already."
				: "One node checks the folder now and creates it if it is missing; the others do so when they use it.",
		];
	if (type === "multipath")
		return ["Nothing is written to any device: the storage shows the LUNs that have a map."];
	return [
		`The plugin of type ${shown(type)} creates what the storage needs, on one node; Pathkeeper does not know what it does.`,
	];
}

function effectsOfChanging(change: { readonly set: Texts; readonly delete: readonly string[] }) {
	const { disable, nodes } = change.set;
	if (disable === "1")
		return ["Nodes no longer use it for anything new. Volumes stay, and those in use stay in use."];
	if (nodes !== undefined)
		return [
			`Only ${splitList(nodes).map(shown).join(", ")} will use it; what other nodes have in use stays in use.`,
		];
	return ["Volumes stay unchanged."];
}
