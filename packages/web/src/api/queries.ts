/** What is asked of the API, by what it is about. Every answer may be shown while it is asked again. */
import {
	clusterRoutes,
	liveRoutes,
	multipathRoutes,
	nodeRoutes,
	type ResultOf,
	taskRoutes,
} from "@pathkeeper/model";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

export type LunAnswer = ResultOf<typeof liveRoutes.getLunStatus>;
export type ConfigAnswer = ResultOf<typeof multipathRoutes.getConfig>;
export type NodeAnswer = ResultOf<typeof nodeRoutes.nodeStatus>;
export type MapAnswer = ResultOf<typeof nodeRoutes.nodeMaps>[number];
export type PathAnswer = MapAnswer["groups"][number]["paths"][number];
export type DiskAnswer = ResultOf<typeof nodeRoutes.nodeDisks>[number];
export type PreviewAnswer = ResultOf<typeof multipathRoutes.preview>;

export const lunQuery = (wwid: string) =>
	queryOptions({ queryKey: ["lun", wwid], queryFn: () => client.call(liveRoutes.getLunStatus, { wwid }) });

/** Asked again and again: nothing else tells the page of it. */
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

/** What there is to know before a node is removed; read anew for each dialog. */
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
		queryFn: () => client.call(nodeRoutes.nodeMaps, { node, wwid }),
	});

export const disksQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "disks"],
		queryFn: () => client.call(nodeRoutes.nodeDisks, { node }),
	});

export const tasksQuery = (node: string) =>
	queryOptions({
		queryKey: ["node", node, "tasks"],
		queryFn: () => client.call(taskRoutes.listTasks, { node, source: "all", limit: 50 }),
	});
