/** `/cluster/multipath/status/W` and `/cluster/multipath/log`: what somebody asks who looks closer. */
import { type LunStatus, liveRoutes, PathkeeperError } from "@pathkeeper/model";
import { keptHistory, readLog, type Store } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../routes/bind.ts";
import type { LiveFleet } from "./live-fleet.ts";

export interface LiveContext {
	readonly store: Store;
	readonly live: LiveFleet;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	/** How many days the log is kept. */
	readonly logDays?: number;
}

const dayMs = 24 * 60 * 60 * 1000;

export function liveHandlers({ store, live, now, logDays = keptHistory.days }: LiveContext): BoundRoute[] {
	return [
		bind(liveRoutes.getLunStatus, async ({ wwid }) => {
			using look = await live.look();
			const status = look.fleet.lun(wwid);
			if (status === null) throw new PathkeeperError("NOT_FOUND", { what: `LUN '${wwid}'` });
			return { ...lunDocument(status), problem: look.picture.problem };
		}),
		bind(liveRoutes.getLog, async ({ limit, since, until, ...filter }) => {
			const page = await readLog(store, {
				...filter,
				since: since ?? now() - (logDays + 1) * dayMs,
				// Another server's clock may be ahead of ours.
				until: until ?? now() + dayMs,
				limit: limit ?? 100,
			});
			return {
				next: page.next,
				entries: page.entries.map((entry) => ({
					...entry,
					nodes: [...entry.nodes],
					luns: [...entry.luns],
					ports: [...entry.ports],
					details: [...entry.details],
				})),
			};
		}),
	];
}

/** A LUN as the API shows it. */
export function lunDocument({ sizeBytes, product, reasons, nodes, ...lun }: LunStatus) {
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
