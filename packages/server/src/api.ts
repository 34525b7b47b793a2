/**
 * What answers each route of `model/api`: made once for a server, however many doors (`app.ts`) lead to it. A part of
 * the fleet brings its handlers here; what they need of each other goes into the context.
 */
import { liveRoutes, routes } from "@pathkeeper/model";
import { requireAudit, type Store } from "@pathkeeper/store";
import type { AccessContext } from "./access/access-context.ts";
import { accessHandlers } from "./access/access-handlers.ts";
import { Questions } from "./fleet/questions.ts";
import { FleetReader } from "./fleet/read-fleet.ts";
import { ConfigWork } from "./heavy/config-work.ts";
import type { LiveFleet } from "./live/live-fleet.ts";
import { liveHandlers } from "./live/live-handlers.ts";
import { StoreRoom } from "./room/store-room.ts";
import { acknowledgementHandlers } from "./routes/acknowledgement-handlers.ts";
import type { BoundRoute } from "./routes/bind.ts";
import { clusterHandlers } from "./routes/cluster-handlers.ts";
import { configHandlers } from "./routes/config-handlers.ts";
import type { HandlerContext } from "./routes/context.ts";
import { lunHandlers } from "./routes/lun-handlers.ts";
import { nodeHandlers } from "./routes/node-handlers.ts";
import { openApiHandlers } from "./routes/openapi-handlers.ts";
import { statusHandlers } from "./routes/status-handlers.ts";
import { nodeStorageHandlers } from "./storage/node-storage-handlers.ts";
import { storageHandlers } from "./storage/storage-handlers.ts";
import { volumeHandlers } from "./storage/volume-handlers.ts";
import { taskHandlers } from "./tasks/task-handlers.ts";

export interface ApiOptions {
	readonly store: Store;
	readonly access: AccessContext;
	readonly live: LiveFleet;
	readonly version: string;
	/** How full the store is; absent: it is asked for here. */
	readonly room?: StoreRoom;
	/** How many days the log is kept; absent: as long as it is usual. */
	readonly logDays?: number;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
}

/** Routes that a door answers with bytes of its own (`live/register-live.ts`, `live/register-metrics.ts`). */
const answeredByDoors: readonly unknown[] = [
	liveRoutes.getMatrix,
	liveRoutes.getEvents,
	liveRoutes.getMetrics,
];

/** Every route with its handler. Throws when one has none. */
export function createApi(options: ApiOptions): readonly BoundRoute[] {
	const { room = new StoreRoom(options.store, () => performance.now()) } = options;
	const store = requireAudit(options.store);
	const context: HandlerContext = {
		...options,
		store,
		room,
		fleet: new FleetReader(store, options.live.facts),
		questions: new Questions(options),
		configWork: new ConfigWork(),
	};
	const bound = [
		...accessHandlers(options.access),
		...acknowledgementHandlers(context),
		...clusterHandlers(context),
		...configHandlers(context),
		...liveHandlers(options),
		...lunHandlers(context),
		...statusHandlers(context),
		...nodeHandlers(context),
		...openApiHandlers(options.version),
		...taskHandlers(context),
		...storageHandlers(context),
		...nodeStorageHandlers(context),
		...volumeHandlers(context),
	];
	const missing = routes.filter(
		(route) => !answeredByDoors.includes(route) && !bound.some((other) => other.route === route),
	);
	if (missing.length > 0) throw new Error(`no handler for ${missing.map(({ path }) => path).join(", ")}`);
	return bound.map(({ route, answer }) => ({
		route,
		answer: (raw, caller, check) =>
			answer(raw, caller, async (parameters) => {
				await room.check(route, parameters);
				await check?.(parameters);
			}),
	}));
}
