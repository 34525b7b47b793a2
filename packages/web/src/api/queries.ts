/** Queries of the API. An answer may be shown while it is asked for again. */
import {
	clusterRoutes,
	liveRoutes,
	multipathRoutes,
	nodeRoutes,
	type ResultOf,
	taskRoutes,
} from "@pathkeeper/model";
import { queryOptions } from "@tanstack/react-query";
import type { MapAnswer } from "./answers.ts";
import { client } from "./client.ts";
import { reportsInTurn } from "./few-at-once.ts";

export type ConfigAnswer = ResultOf<typeof multipathRoutes.getConfig>;
export type NodeAnswer = ResultOf<typeof nodeRoutes.nodeStatus>;
export type PathAnswer = MapAnswer["groups"][number]["paths"][number];
export type DiskAnswer = ResultOf<typeof nodeRoutes.nodeDisks>[number];
export type TaskRow = ResultOf<typeof taskRoutes.listTasks>[number];
export type PreviewAnswer = ResultOf<typeof multipathRoutes.preview>;

export const lunQuery = (wwid: string) =>
	queryOptions({ queryKey: ["lun", wwid], queryFn: () => client.call(liveRoutes.getLunStatus, { wwid }) });

/** Polled: the live events do not contain it. */
export const fleetFindingsQuery = queryOptions({
	queryKey: ["fleet-findings"],
	queryFn: () => client.call(multipathRoutes.getFleetFindings, {}),
	refetchInterval: 30_000,
});

export const configQuery = queryOptions({
	queryKey: ["config"],
	queryFn: () => client.call(multipathRoutes.getConfig, {}),
});

export const nodeQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "status"],
		queryFn: () => client.call(nodeRoutes.nodeStatus, { node }),
	});

/** What to check before a node is removed; read again for each dialog. */
export const removalQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "removal"],
		queryFn: () => client.call(clusterRoutes.getNodeRemoval, { node }),
		gcTime: 0,
	});

export const mapsQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "maps"],
		queryFn: () => client.call(nodeRoutes.nodeMaps, { node }),
	});

export const mapQuery = (node: string, wwid: string) =>
	queryOptions({
		queryKey: ["node", node, "maps", wwid],
		// Not asked any longer when the page was left before its turn.
		queryFn: ({ signal }) =>
			reportsInTurn(() => {
				signal.throwIfAborted();
				return client.call(nodeRoutes.nodeMaps, { node, wwid });
			}),
		retry: false,
	});

export const disksQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "disks"],
		queryFn: ({ signal }) =>
			reportsInTurn(() => {
				signal.throwIfAborted();
				return client.call(nodeRoutes.nodeDisks, { node });
			}),
		retry: false,
	});

/** How many tasks of a node are read, the newest. */
export const maxTasks = 50;

export const tasksQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "tasks"],
		queryFn: () => client.call(taskRoutes.listTasks, { node, source: "all", limit: maxTasks }),
	});
