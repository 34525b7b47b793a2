/** `/cluster`: the fleet in the shapes that Proxmox VE's clients look for. */
import { clusterRoutes } from "@pathkeeper/model";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";

const below = ["events", "multipath", "pathkeeper", "resources", "status"];

export function clusterHandlers({ fleet }: HandlerContext): BoundRoute[] {
	return [
		bind(clusterRoutes.clusterIndex, async () => below.map((name) => ({ name }))),
		bind(clusterRoutes.clusterStatus, async () => {
			const nodes = await fleet.members();
			const { document } = await fleet.config();
			return [
				{
					id: "cluster",
					type: "cluster" as const,
					name: "pathkeeper",
					nodes: nodes.length,
					// The store has answered: without its majority it does not.
					quorate: flag(true),
					version: document.version,
				},
				...nodes.map(({ node, member }, at) => ({
					id: `node/${node}`,
					type: "node" as const,
					name: node,
					nodeid: at + 1,
					online: flag(member !== null),
					// A server is no node.
					local: flag(false),
					level: "",
				})),
			];
		}),
		bind(clusterRoutes.clusterResources, async ({ type }, { rights }) => {
			const health = await fleet.health();
			const nodes = health.nodes
				.filter(({ node }) => rights(`/nodes/${node}`).has("Sys.Audit"))
				.map(({ node, online }) => ({
					id: `node/${node}`,
					type: "node" as const,
					node,
					status: online ? "online" : "offline",
				}));
			const luns = rights("/").has("Sys.Audit") ? health.luns : [];
			const all = [
				...nodes,
				...luns.map(({ wwid, alias, state: status, sizeBytes }) => ({
					id: `lun/${wwid}`,
					type: "lun" as const,
					wwid,
					name: alias ?? wwid,
					status,
					...(sizeBytes === null ? {} : { maxdisk: sizeBytes }),
				})),
			];
			return all.filter((resource) => type === undefined || resource.type === type);
		}),
	];
}
