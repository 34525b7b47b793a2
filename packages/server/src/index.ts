export {
	type AccessContext,
	type AccessEvent,
	type AccessOptions,
	accessContext,
} from "./access/access-context.ts";
export { type AccessGate, networkGate, socketGate } from "./access/access-gate.ts";
export { type ApiOptions, createApi } from "./api.ts";
export { createServer, type ServerOptions } from "./app.ts";
export { EventHub, type EventHubOptions } from "./events/event-hub.ts";
export { LiveFleet, type LiveFleetOptions, type Look } from "./fleet/live-fleet.ts";
export type { FleetStep } from "./fleet/watching.ts";
export { checkWorkerFile } from "./heavy/worker-file.ts";
export type { HistoryOptions } from "./history/history-options.ts";
export { runHistory } from "./history/history-writer.ts";
export type { Caller } from "./http/caller.ts";
export { type Page, readPage } from "./http/page-files.ts";
export { registerPage } from "./http/register-page.ts";
export type { AllowedAddresses } from "./metrics/metrics-gate.ts";
export { StoreRoom } from "./room/store-room.ts";
