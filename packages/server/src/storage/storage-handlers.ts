/** `/storage`: the storages of the configuration. */
import {
	aclPathOf,
	addStorage,
	baseOf,
	findStorage,
	isEnabledOn,
	leftOutStorages,
	PathkeeperError,
	readStorageConfig,
	removeStorage,
	type Storage,
	type StorageType,
	splitList,
	storageRoutes,
	updateStorage,
} from "@pathkeeper/model";
import { type ConfigDocument, readConfig, readNodes, type Store } from "@pathkeeper/store";
import { Type } from "typebox";
import type { Caller } from "../caller.ts";
import { type BoundRoute, bind } from "../routes/bind.ts";
import type { HandlerContext } from "../routes/context.ts";
import { editDocument } from "../routes/edit-document.ts";
import { guard, order } from "./ask-node.ts";
import { knownTypes, usableTypes } from "./known-types.ts";
import { checkLunUnused } from "./lun-users.ts";
import { leftOutEntry, problemsById, storageEntry, typeEntry } from "./storage-entry.ts";

const planned = Type.Object({ overwritesBase: Type.Boolean() });

export function storageHandlers(context: HandlerContext): BoundRoute[] {
	const { store } = context;
	return [
		bind(storageRoutes.listStorages, async ({ type }, caller) => {
			const { storages, leftOut, document, problemsOf, types } = await readStorages(store);
			const isWanted = (storage: { readonly id: string; readonly type: string }) =>
				maySee(caller, storage.id) && (type === undefined || storage.type === type);
			return [
				...storages
					.filter(isWanted)
					.map((storage) => storageEntry(storage, types, document.digest, problemsOf(storage))),
				...leftOut
					.filter(isWanted)
					.map((section) => leftOutEntry(section, document.digest, problemsOf(section))),
			];
		}),
		bind(storageRoutes.listStorageTypes, async () => (await knownTypes(store)).map(typeEntry)),
		bind(storageRoutes.addStorage, async (parameters, caller) => {
			const { storage: id, type, digest, force } = parameters;
			const set = storageRoutes.givenProperties(parameters);
			const types = await usableTypes(store);
			const add = (text: string) => addStorage(text, types, id, type, set);
			const before = await readConfig(store, "storage.cfg");
			if (digest !== undefined && digest !== before.digest) throw new PathkeeperError("DIGEST_CONFLICT");
			const config = add(before.text);
			const added = storageNamed(config, types, id);
			if (!added.disabled) {
				const node = await nodeFor(store, added);
				const argument = { config, storage: id };
				const isForced = force === 1 || force === true;
				await checkBaseUnused(context, added, { node, argument, caller, force: isForced });
				await order(context, { node, type: "storageprepare", id, argument, caller }, Type.Unknown());
			}
			await editDocument(context, "storage.cfg", add, { caller, digest });
			return { storage: id, type };
		}),
		bind(storageRoutes.getStorage, async ({ storage: id }) => {
			const { storages, leftOut, document, problemsOf, types } = await readStorages(store);
			const storage = spelledSo({ storages }, id);
			const section = leftOut.find((other) => other.id === id);
			if (section !== undefined) return leftOutEntry(section, document.digest, problemsOf(section));
			if (storage === null) throw new PathkeeperError("STORAGE_ABSENT", { storage: id });
			return storageEntry(storage, types, document.digest, problemsOf(storage));
		}),
		bind(storageRoutes.putStorage, async (parameters, caller) => {
			const { storage: id, digest } = parameters;
			const set = storageRoutes.givenProperties(parameters);
			const change = { set, delete: splitList(parameters.delete ?? "") };
			const types = await usableTypes(store);
			const update = (text: string) => updateStorage(text, types, id, change);
			await editDocument(context, "storage.cfg", update, { caller, digest });
			const { document } = await readStorages(store);
			const { type } = storageNamed(document.text, types, id);
			return { storage: id, type };
		}),
		bind(storageRoutes.removeStorage, async ({ storage: id, digest }, caller) => {
			const types = await usableTypes(store);
			const remove = (text: string) => removeStorage(text, types, id);
			await editDocument(context, "storage.cfg", remove, { caller, digest });
			return null;
		}),
	];
}

/** Before anything is written onto the volume that a storage stands on: nobody in the fleet may use it. */
async function checkBaseUnused(
	context: HandlerContext,
	storage: Storage,
	asked: {
		readonly node: string;
		readonly argument: object;
		readonly caller: Caller;
		readonly force: boolean;
	},
): Promise<void> {
	const base = baseOf(storage);
	if (base === null) return;
	const { node, argument, caller } = asked;
	const plan = await guard(context, { node, type: "storageplan", id: storage.id, argument, caller }, planned);
	if (plan.overwritesBase) await checkLunUnused(context, base.volname, asked);
}

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

/** Datastore.Audit or Datastore.AllocateSpace on the storage. */
export function maySee(caller: Caller, id: string): boolean {
	const rights = caller.rights(aclPathOf("storage", id));
	return rights.has("Datastore.Audit") || rights.has("Datastore.AllocateSpace");
}

/**
 * The storage of exactly that id; null when there is none. Ids mean the same in any case, but paths of rights do not:
 * the caller's rights were looked up for the id as the request spells it, and hold for no other spelling.
 */
export function spelledSo(config: { readonly storages: readonly Storage[] }, id: string): Storage | null {
	const storage = findStorage(config, id);
	return storage?.id === id ? storage : null;
}

function storageNamed(text: string, types: readonly StorageType[], id: string): Storage {
	const storage = findStorage(readStorageConfig(text, types), id);
	if (storage !== null) return storage;
	throw new PathkeeperError("STORAGE_ABSENT", { storage: id });
}

/** A node that has the storage and is there to make what it stands on. */
async function nodeFor(store: Store, storage: Storage): Promise<string> {
	const nodes = await readNodes(store);
	const found = nodes.find(({ node, member }) => member !== null && isEnabledOn(storage, node));
	if (found !== undefined) return found.node;
	const node = storage.nodes?.[0] ?? "any";
	const problem = `no node that is to have storage '${storage.id}' is online, and one has to look at what it stands on`;
	throw new PathkeeperError("NODE_UNREACHABLE", { node, problem });
}
