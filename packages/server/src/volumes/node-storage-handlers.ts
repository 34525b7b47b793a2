/** `/nodes/N/storage`: storages as a node has them. Agents look, as tasks. */
import {
	isEnabledOn,
	PathkeeperError,
	type StorageType,
	splitList,
	storageRoutes,
	type TaskResultOf,
	type tasks,
} from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import { maySee } from "../access/see-storage.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import type { Caller } from "../http/caller.ts";
import { flag } from "../http/flag.ts";
import { question } from "../tasks/ask-node.ts";
import { knownStorage, noSuchStorage, sameId } from "./known-storage.ts";
import { knownTypes } from "./known-types.ts";
import { readStorages } from "./read-storages.ts";

type StorageOnNode = TaskResultOf<typeof tasks.storageStatus>[number];

export function nodeStorageHandlers(context: HandlerContext): BoundRoute[] {
	const statusOf = async (node: string, caller: Caller) => {
		const told = await question(context, "storageStatus", { node, argument: {}, caller });
		return [...told, ...(await withoutPlugin(context.store, node, told))];
	};
	return [
		bind(storageRoutes.nodeStorages, async ({ node, storage, content, enabled }, caller) => {
			// Who may see no storage learns nothing of the node either.
			const { storages, types } = await readStorages(context.store);
			if (!storages.some(({ id }) => maySee(caller, id))) return [];
			const wanted = content === undefined ? null : splitList(content);
			return (await statusOf(node, caller))
				.filter((found) => maySee(caller, found.storage.id))
				.filter((found) => storage === undefined || sameId(found.storage.id, storage))
				.filter((found) => wanted === null || found.storage.content.some((kind) => wanted.includes(kind)))
				.filter((found) => !(enabled === 1 || enabled === true) || found.enabled)
				.map((found) => ({
					storage: found.storage.id,
					...statusEntry(found),
					used_fraction: found.totalBytes === 0 ? 0 : found.usedBytes / found.totalBytes,
					...(isChosen(types, found.storage.type) ? { select_existing: flag(true) } : {}),
				}));
		}),
		bind(storageRoutes.nodeStorageStatus, async ({ node, storage }, caller) => {
			await knownStorage(context, storage);
			const found = (await statusOf(node, caller)).find((other) => sameId(other.storage.id, storage));
			if (found === undefined) throw noSuchStorage();
			return statusEntry(found);
		}),
		bind(storageRoutes.listContent, async ({ node, storage, content, vmid }, caller) => {
			const { id } = await knownStorage(context, storage);
			// Without the guest, so that all who list one storage share the answer.
			const argument = { storage: id, guest: null };
			const volumes = await question(context, "storageContent", { node, argument, caller });
			return volumes
				.filter(({ guest }) => vmid === undefined || guest === vmid)
				.filter(({ kind }) => content === undefined || splitList(content).includes(kind))
				.map(({ volname, kind, format, sizeBytes, guest, createdAtS }) => ({
					volid: `${id}:${volname}`,
					content: kind,
					format,
					size: sizeBytes,
					...(kind === "images" || kind === "rootdir" ? { vmid: guest ?? 0 } : {}),
					...(createdAtS === null ? {} : { ctime: createdAtS }),
				}));
		}),
	];
}

/** Storages whose type the fleet knows and this node does not, so that it tells nothing of them. */
async function withoutPlugin(
	store: Store,
	node: string,
	told: readonly StorageOnNode[],
): Promise<StorageOnNode[]> {
	const types = await knownTypes(store);
	const { storages } = await readStorages(store);
	return storages.flatMap((storage) => {
		const { id, type, content, shared } = storage;
		const owners = types.find(({ definition }) => definition.type === type)?.nodes ?? null;
		if (owners === null || owners.includes(node) || told.some((one) => sameId(one.storage.id, id))) return [];
		const enabled = isEnabledOn(storage, node);
		const problem = new PathkeeperError("STORAGE_TYPE_UNKNOWN", { storage: id, type }).message;
		const space = { totalBytes: 0, usedBytes: 0, availableBytes: 0 };
		const shown = { id, type, content: [...content], shared };
		return [{ storage: shown, enabled, active: false, ...space, problem: enabled ? problem : null }];
	});
}

function statusEntry({ storage, enabled, active, problem, ...space }: StorageOnNode) {
	return {
		type: storage.type,
		content: storage.content.join(","),
		enabled: flag(enabled),
		active: flag(active),
		shared: flag(storage.shared),
		total: space.totalBytes,
		used: space.usedBytes,
		avail: space.availableBytes,
		...(problem === null ? {} : { problem }),
	};
}

function isChosen(types: readonly StorageType[], type: string): boolean {
	return types.some((known) => known.type === type && known.selectExisting);
}
