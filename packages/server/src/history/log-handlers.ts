/** `/cluster/multipath/log`: what happened in the fleet. */
import { liveRoutes, type Runtime } from "@pathkeeper/model";
import { keptHistory, readLog, type Store } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../http/bind.ts";

export interface LogContext {
	readonly store: Store;
	/** Milliseconds since the epoch. */
	readonly runtime: Pick<Runtime, "now">;
	/** How many days the log is kept. */
	readonly logDays?: number;
}

const dayMs = 24 * 60 * 60 * 1000;

export function logHandlers({ store, runtime, logDays = keptHistory.days }: LogContext): BoundRoute[] {
	return [
		bind(liveRoutes.getLog, async ({ limit, since, until, ...filter }) => {
			const page = await readLog(store, {
				...filter,
				since: since ?? runtime.now() - (logDays + 1) * dayMs,
				// Another server's clock may be ahead of ours.
				until: until ?? runtime.now() + dayMs,
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
