import { addStorage, type StorageType, splitList, storageRoutes, updateStorage } from "@pathkeeper/model";
import { client } from "../api/client.ts";
import { shown } from "../ui/words.ts";
import type { StorageAnswer } from "./answers.ts";

/** A change of a storage that is not made yet. */
export interface StorageChange {
	readonly title: string;
	/** What it does, beside what is written down, in words. */
	readonly effects: readonly string[];
	/** The document that it would make of the one that is stored; throws what is wrong with it, by field. */
	readonly proposal: (text: string) => string;
	/** True where nodes that cannot be asked may be left out: they might use what is written on. */
	readonly mayForce: boolean;
	/** Makes it; refused when the stored document is not of that digest. */
	readonly save: (digest: string | undefined, force: boolean) => Promise<unknown>;
}

type Texts = Readonly<Record<string, string>>;

/** A new storage; what it stands on is made on a node before it is written down. */
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

/** Other values for a storage that is there. */
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
	if (set["disable"] === "1") return ["It is disabled: no node looks at it, and nothing is made."];
	const group = shown(set["vgname"] ?? "");
	const base = shown(set["base"] ?? "");
	if (type === "lvm" && base !== "")
		return [
			`One node looks for volume group ${group} on ${base}. Where there is none, the LUN is empty and no node uses it, the group is made: that writes on the LUN.`,
			"A LUN that carries anything else is left as it is, and the storage is not added.",
		];
	if (type === "lvm")
		return [`Volume group ${group} has to be there already; nothing is written on any device.`];
	if (type === "dir")
		return [
			set["mkdir"] === "0"
				? "The folder has to be there already."
				: "One node looks at the folder now and makes it where it is missing; the others when they use it.",
		];
	if (type === "multipath")
		return ["Nothing is written on any device: the storage shows the LUNs that have a map."];
	return [
		`The plugin of type ${shown(type)} makes what it stands on, on one node; what it does is its own affair.`,
	];
}

function effectsOfChanging(change: { readonly set: Texts; readonly delete: readonly string[] }) {
	const { disable, nodes } = change.set;
	if (disable === "1") return ["Nodes begin nothing new on it. Volumes stay, and those in use stay in use."];
	if (nodes !== undefined)
		return [
			`Only ${splitList(nodes).map(shown).join(", ")} will use it; what other nodes have in use stays in use.`,
		];
	return ["Volumes stay as they are."];
}
