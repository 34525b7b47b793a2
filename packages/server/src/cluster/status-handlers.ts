/** `/cluster/multipath/status`: the health that follows from configuration and reports. */
import { groupFindings, judgedFindings, multipathRoutes, storagesByLun } from "@pathkeeper/model";
import { readAcknowledgements } from "@pathkeeper/store";
import { maySee } from "../access/see-storage.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import { lunDocument } from "../luns/lun-document.ts";
import { statusOf } from "../nodes/node-status.ts";
import { readStorages } from "../volumes/read-storages.ts";

export function statusHandlers({ fleet, store, room, runtime }: HandlerContext): BoundRoute[] {
	return [
		bind(multipathRoutes.getStatus, async (_, caller) => {
			const health = await fleet.health();
			const { storages: all, document } = await readStorages(store);
			const storages = storagesByLun(document.text);
			const groups = groupFindings(
				all.filter(({ id }) => maySee(caller, id)),
				health.luns,
			);
			const acknowledgements = await readAcknowledgements(store);
			return {
				simulated: flag(health.nodes.some(({ head }) => head?.simulated === true)),
				luns: health.luns.map((lun) => ({
					...lunDocument(lun),
					storages: (storages.get(lun.wwid) ?? []).filter((id) => maySee(caller, id)),
				})),
				nodes: health.nodes.map((node) =>
					statusOf(
						node,
						health,
						runtime.now(),
						judgedFindings(node.node, groups.get(node.node) ?? [], acknowledgements),
					),
				),
				findings: await room.findings(),
			};
		}),
		bind(multipathRoutes.getFleetFindings, async () => await room.findings()),
	];
}
