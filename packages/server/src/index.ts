export {
	type AccessContext,
	type AccessEvent,
	type AccessOptions,
	accessContext,
} from "./access/access-context.ts";
export { type AccessGate, networkGate, socketGate } from "./access/access-gate.ts";
export { accessHandlers } from "./access/access-handlers.ts";
export { accessStatus } from "./access/access-status.ts";
export { type AccessCaller, localRoot } from "./access/caller.ts";
export { createServer, type ServerOptions } from "./app.ts";
