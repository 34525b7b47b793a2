export {
	type AccessContext,
	type AccessEvent,
	type AccessOptions,
	accessContext,
} from "./access/access-context.ts";
export { type AccessGate, networkGate, socketGate } from "./access/access-gate.ts";
export { type ApiOptions, createApi } from "./api.ts";
export { createServer, type ServerOptions } from "./app.ts";
export type { Caller } from "./caller.ts";
export { checkWorkerFile } from "./heavy/worker-file.ts";
export { type HistoryOptions, runHistory } from "./history/history-writer.ts";
export { EventHub, type EventHubOptions } from "./live/event-hub.ts";
export { LiveFleet, type LiveFleetOptions, type Look } from "./live/live-fleet.ts";
export type { AllowedAddresses } from "./live/metrics-gate.ts";
export type { FleetStep } from "./live/watching.ts";
export { type Page, readPage } from "./page/page-files.ts";
export { registerPage } from "./page/register-page.ts";
export { StoreRoom } from "./room/store-room.ts";
