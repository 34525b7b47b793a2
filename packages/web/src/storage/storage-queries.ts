/** What is asked about storages. Most of it a node has to answer, as a task of its own. */
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

/** Types that a storage can be of; until the server said which, those that are built in. */
export function useStorageTypes(): readonly StorageType[] {
	const { data } = useQuery(storageTypesQuery);
	return data?.filter(({ problem }) => problem === undefined) ?? builtInTypes;
}

/** Asks the nodes anew for what they have. */
export function useRefresh(): () => void {
	const queries = useQueryClient();
	return () => void queries.invalidateQueries({ queryKey: ["node"] });
}

export const nodeStoragesQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "storages"],
		// Whoever left the page before it was its turn asks nothing any more.
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
