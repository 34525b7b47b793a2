/** Queries about storages. Most are answered by a node, each with a task. */
import { builtInTypes, nodeRoutes, type StorageType, storageRoutes } from "@pathkeeper/model";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { nodesInTurn } from "../api/few-at-once.ts";

export const storagesQuery = queryOptions({
	queryKey: ["storages"],
	queryFn: () => client.call(storageRoutes.listStorages, {}),
});

const storageTypesQuery = queryOptions({
	queryKey: ["storage-types"],
	queryFn: () => client.call(storageRoutes.listStorageTypes, {}),
});

/** Types of storages; until the server has answered, the built-in ones. */
export function useStorageTypes(): readonly StorageType[] {
	const { data } = useQuery(storageTypesQuery);
	return data?.filter(({ problem }) => problem === undefined) ?? builtInTypes;
}

/** Asks the nodes again. */
export function useRefresh(): () => void {
	const queries = useQueryClient();
	return () => void queries.invalidateQueries({ queryKey: ["node"] });
}

export const nodeStoragesQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "storages"],
		// Not asked any longer when the page was left before its turn.
		queryFn: ({ signal }) =>
			nodesInTurn(() => {
				signal.throwIfAborted();
				return client.call(storageRoutes.nodeStorages, { node });
			}),
		retry: false,
	});

export const contentQuery = (node: string, storage: string) =>
	queryOptions({
		queryKey: ["node", node, "content", storage],
		queryFn: () => client.call(storageRoutes.listContent, { node, storage }),
		retry: false,
	});

export const scannedLunsQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "scan-multipath"],
		queryFn: () => client.call(nodeRoutes.scanMultipath, { node }),
		retry: false,
	});

export const scannedGroupsQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "scan-lvm"],
		queryFn: () => client.call(storageRoutes.scanLvm, { node }),
		retry: false,
	});
