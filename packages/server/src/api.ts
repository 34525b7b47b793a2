/**
 * What answers each route of `model/api`: made once for a server, however many doors (`app.ts`) lead to it. A part of
 * the fleet brings its handlers here; what they need of each other goes into the context.
 */
import { liveRoutes, type Runtime, routes } from "@pathkeeper/model";
import { requireAudit, type Store } from "@pathkeeper/store";
import type { AccessContext } from "./access/access-context.ts";
import { accessHandlers } from "./access/access-handlers.ts";
import { acknowledgementHandlers } from "./cluster/acknowledgement-handlers.ts";
import { clusterHandlers } from "./cluster/cluster-handlers.ts";
import { statusHandlers } from "./cluster/status-handlers.ts";
import { configHandlers } from "./config/config-handlers.ts";
import type { HandlerContext } from "./context/handler-context.ts";
import type { LiveFleet } from "./fleet/live-fleet.ts";
import { FleetReader } from "./fleet/read-fleet.ts";
import { ConfigWork } from "./heavy/config-work.ts";
import { HeavyWorker } from "./heavy/heavy-worker.ts";
import type { OffLoop } from "./heavy/off-loop.ts";
import { logHandlers } from "./history/log-handlers.ts";
import type { BoundRoute } from "./http/bind.ts";
import { openApiHandlers } from "./http/openapi-handlers.ts";
import { lunHandlers } from "./luns/lun-handlers.ts";
import { lunStatusHandlers } from "./luns/lun-status-handlers.ts";
import { nodeHandlers } from "./nodes/node-handlers.ts";
import { removalHandlers } from "./nodes/removal-handlers.ts";
import { Questions } from "./questions/questions.ts";
import { StoreRoom } from "./room/store-room.ts";
import { taskHandlers } from "./tasks/task-handlers.ts";
import { nodeStorageHandlers } from "./volumes/node-storage-handlers.ts";
import { scanHandlers } from "./volumes/scan-handlers.ts";
import { storageHandlers } from "./volumes/storage-handlers.ts";
import { volumeHandlers } from "./volumes/volume-handlers.ts";

export interface ApiOptions {
	readonly store: Store;
	readonly access: AccessContext;
	readonly live: LiveFleet;
	readonly version: string;
	/** How full the store is; absent: it is asked for here. */
	readonly room?: StoreRoom;
	/** How many days the log is kept; absent: as long as it is usual. */
	readonly logDays?: number;
	readonly runtime: Runtime;
	/** Where work on whole documents is done; absent: in a thread of its own. */
	readonly offLoop?: OffLoop;
}

/** Routes that a door answers with bytes of its own (`events/register-live.ts`, `metrics/register-metrics.ts`). */
const answeredByDoors: readonly unknown[] = [
	liveRoutes.getMatrix,
	liveRoutes.getEvents,
	liveRoutes.getMetrics,
];

/** Every route with its handler. Throws when one has none. */
export function createApi(options: ApiOptions): readonly BoundRoute[] {
	const { runtime, room = new StoreRoom(options.store, () => runtime.monotonic()) } = options;
	const store = requireAudit(options.store);
	const context: HandlerContext = {
		...options,
		store,
		room,
		fleet: new FleetReader(store, options.live),
		questions: new Questions(runtime),
		configWork: new ConfigWork(options.offLoop ?? new HeavyWorker({ runtime })),
	};
	const bound = [
		...accessHandlers(options.access),
		...acknowledgementHandlers(context),
		...clusterHandlers(context),
		...removalHandlers(context),
		...configHandlers(context),
		...logHandlers(options),
		...lunHandlers(context),
		...lunStatusHandlers(options),
		...statusHandlers(context),
		...nodeHandlers(context),
		...openApiHandlers(options.version),
		...taskHandlers(context),
		...storageHandlers(context),
		...nodeStorageHandlers(context),
		...scanHandlers(context),
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
