/** `/cluster/multipath/status/W`: one LUN, and why it is in its state on each node. */
import { type LunStatus, liveRoutes, PathkeeperError } from "@pathkeeper/model";
import type { LiveFleet } from "../fleet/live-fleet.ts";
import { type BoundRoute, bind } from "../http/bind.ts";

export function lunStatusHandlers({ live }: { readonly live: LiveFleet }): BoundRoute[] {
	return [
		bind(liveRoutes.getLunStatus, async ({ wwid }) => {
			using look = await live.look();
			const status = look.fleet.lun(wwid);
			if (status === null) throw new PathkeeperError("NOT_FOUND", { what: `LUN '${wwid}'` });
			return { ...lunDocument(status), problem: look.picture.problem };
		}),
	];
}

/** A LUN as the API shows it. */
function lunDocument({ sizeBytes, product, reasons, nodes, ...lun }: LunStatus) {
	return {
		...lun,
		size: sizeBytes,
		model: product,
		reasons: [...reasons],
		nodes: Object.fromEntries(
			[...nodes].map(([node, here]) => [node, { ...here, reasons: [...here.reasons] }]),
		),
	};
}
