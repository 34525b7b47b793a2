/** `/storage`: the storages of the configuration. */
import {
	addStorage,
	baseOf,
	findStorage,
	isEnabledOn,
	PathkeeperError,
	readStorageConfig,
	removeStorage,
	type Storage,
	type StorageType,
	splitList,
	storageRoutes,
	tasks,
	updateStorage,
} from "@pathkeeper/model";
import { readConfig, readNodes, type Store } from "@pathkeeper/store";
import type { Static } from "typebox";
import { maySee } from "../access/see-storage.ts";
import { editDocument } from "../context/edit-document.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import type { Caller } from "../http/caller.ts";
import { checkLunUnused } from "../luns/lun-users.ts";
import { type AskedQuestion, ask } from "../tasks/ask-node.ts";
import { knownTypes, usableTypes } from "./known-types.ts";
import { readStorages, spelledSo } from "./read-storages.ts";
import { leftOutEntry, storageEntry, typeEntry } from "./storage-entry.ts";

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
		bind(storageRoutes.addStorage, (parameters, caller) => addNewStorage(context, parameters, caller)),
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

/** Prepares what the storage stands on, on one node, before it is written into the document. */
async function addNewStorage(
	context: HandlerContext,
	parameters: Static<typeof storageRoutes.addStorage.parameters>,
	caller: Caller,
) {
	const { store } = context;
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
		const asked = { node, argument: { config, storage: id }, caller };
		const isForced = force === 1 || force === true;
		await checkBaseUnused(context, added, asked, isForced);
		await ask(context, { ...asked, task: tasks.storagePrepare });
	}
	await editDocument(context, "storage.cfg", add, { caller, digest });
	return { storage: id, type };
}

/** Before anything is written onto the volume that a storage stands on: nobody in the fleet may use it. */
async function checkBaseUnused(
	context: HandlerContext,
	storage: Storage,
	asked: AskedQuestion<typeof tasks.storagePlan>,
	force: boolean,
): Promise<void> {
	const base = baseOf(storage);
	if (base === null) return;
	const { overwritesBase } = await ask(context, { ...asked, task: tasks.storagePlan });
	if (overwritesBase) await checkLunUnused(context, base.volname, { caller: asked.caller, force });
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
	const problem = `no node that is to have storage '${storage.id}' is online, and one must check what it is built on`;
	throw new PathkeeperError("NODE_UNREACHABLE", { node, problem });
}
