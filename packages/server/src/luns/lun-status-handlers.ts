/** `/cluster/multipath/status/W`: one LUN, and why it is in its state on each node. */
import { liveRoutes, PathkeeperError } from "@pathkeeper/model";
import type { LiveFleet } from "../fleet/live-fleet.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { lunDocument } from "./lun-document.ts";

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
