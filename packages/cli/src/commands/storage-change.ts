import { PathkeeperError, storageRoutes } from "@pathkeeper/model";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { guard } from "./assignments.ts";

export interface StorageChange {
	/** `key=value` as given. */
	readonly set: readonly string[];
	readonly unset?: readonly string[];
	readonly digest?: string;
}

export interface StorageAddition extends StorageChange {
	/** Nodes that cannot be asked count as using nothing. */
	readonly force?: true;
}

/** `storage add`. */
export async function addStorage(
	{ client, output }: Session,
	type: string,
	storage: string,
	{ set, digest, force }: StorageAddition,
): Promise<void> {
	const parameters = { storage, type, ...settingsOf(set), ...guard(digest) };
	const added = await client.call(storageRoutes.addStorage, {
		...parameters,
		...(force === undefined ? {} : { force }),
	});
	output.document(added, () => `storage '${shown(storage)}' added\n`);
}

/** `storage set`. */
export async function setStorage(
	{ client, output }: Session,
	storage: string,
	change: StorageChange,
): Promise<void> {
	const unset = change.unset ?? [];
	if (change.set.length === 0 && unset.length === 0)
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: {
				settings: "nothing to change: give settings as KEY=VALUE, or remove some with --unset KEY",
			},
		});
	const changed = await client.call(storageRoutes.putStorage, {
		storage,
		...settingsOf(change.set),
		...(unset.length === 0 ? {} : { delete: unset.join(",") }),
		...guard(change.digest),
	});
	output.document(changed, () => `storage '${shown(storage)}' changed\n`);
}

/** `storage remove`. */
export async function removeStorage(
	{ client, output }: Session,
	storage: string,
	{ digest }: { readonly digest?: string },
): Promise<void> {
	await client.call(storageRoutes.removeStorage, { storage, ...guard(digest) });
	output.document({ storage }, () => `storage '${shown(storage)}' removed; its contents are unchanged\n`);
}

/** `key=value` words as parameters. Throws PARAMETER_INVALID for what cannot be a property, or is given twice. */
function settingsOf(words: readonly string[]): Record<string, string> {
	const set = new Map<string, string>();
	const wrong = new Map<string, string>();
	for (const word of words) {
		const at = word.indexOf("=");
		const key = word.slice(0, Math.max(0, at));
		if (at < 1) wrong.set(word, "is not KEY=VALUE");
		else if (!storageRoutes.mayBeProperty(key)) wrong.set(key, "is not a setting of storages");
		else if (set.has(key)) wrong.set(key, "is given twice");
		else set.set(key, word.slice(at + 1));
	}
	if (wrong.size > 0) throw new PathkeeperError("PARAMETER_INVALID", { fields: Object.fromEntries(wrong) });
	return Object.fromEntries(set);
}
