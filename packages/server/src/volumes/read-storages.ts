import {
	findStorage,
	leftOutStorages,
	readStorageConfig,
	type Storage,
	type StorageType,
} from "@pathkeeper/model";
import { type ConfigDocument, readConfig, type Store } from "@pathkeeper/store";
import { usableTypes } from "./known-types.ts";
import { problemsById } from "./storage-entry.ts";

/**
 * The storages of the configuration, the sections that give none, the document they stand in, and what of it could not
 * be understood.
 */
export async function readStorages(store: Store): Promise<{
	readonly storages: readonly Storage[];
	readonly leftOut: ReturnType<typeof leftOutStorages>;
	readonly document: ConfigDocument;
	readonly types: readonly StorageType[];
	readonly problemsOf: (storage: Pick<Storage, "id">) => readonly string[];
}> {
	const document = await readConfig(store, "storage.cfg");
	const types = await usableTypes(store);
	const { storages, problems } = readStorageConfig(document.text, types);
	const byId = problemsById(document.text, problems);
	const leftOut = leftOutStorages(document.text, { storages });
	return { storages, leftOut, document, types, problemsOf: ({ id }) => byId.get(id.toLowerCase()) ?? [] };
}

/**
 * The storage of exactly that id; null when there is none. Ids mean the same in any case, but paths of rights do not:
 * the caller's rights were looked up for the id as the request spells it, and hold for no other spelling.
 */
export function spelledSo(config: { readonly storages: readonly Storage[] }, id: string): Storage | null {
	const storage = findStorage(config, id);
	return storage?.id === id ? storage : null;
}
