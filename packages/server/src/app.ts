/**
 * The API of the fleet: routes of `model/api`, in Proxmox VE's wire form. The server reads and writes the store and
 * nothing else; what is to happen on a host is left there as a wish or a task for that host's agent.
 */
import { routes } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { callerOf } from "./caller.ts";
import { fleetReader } from "./fleet/read-fleet.ts";
import type { BoundRoute } from "./routes/bind.ts";
import { configHandlers } from "./routes/config-handlers.ts";
import { lunHandlers } from "./routes/lun-handlers.ts";
import { nodeHandlers } from "./routes/node-handlers.ts";
import { statusHandlers } from "./routes/status-handlers.ts";
import { addBodyParsers } from "./wire/body.ts";
import {
	requestError,
	sendData,
	sendError,
	sendNotImplemented,
	sendTooLarge,
	shownError,
} from "./wire/reply.ts";

export interface ServerOptions {
	readonly store: Store;
	readonly version: string;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
	/** True when the hosts behind the store are simulated: every answer then says so. */
	readonly simulated: boolean;
	/** Told of faults of ours, which a caller only sees as such. */
	readonly onFault: (error: unknown, where: string) => void;
}

/** Holds a document of the full size however a client escapes it. */
const longestBody = 4 * 1024 * 1024;

/** The app, not listening yet. Everybody who reaches it is taken for root: it belongs on the local socket only. */
export function createServer(options: ServerOptions): FastifyInstance {
	const app = Fastify({
		bodyLimit: longestBody,
		routerOptions: { maxParamLength: 512 },
		frameworkErrors: (error, _request, reply) => {
			sendError(reply, requestError(error, "address"));
		},
	});
	addBodyParsers(app);
	app.setNotFoundHandler((request, reply) => sendNotImplemented(reply, request.method, pathOf(request)));
	app.setErrorHandler((error, request, reply) => {
		const shown = requestError(error, "body");
		if (shown.fault === "bug") options.onFault(error, `${request.method} ${pathOf(request)}`);
		return isTooLarge(error) ? sendTooLarge(reply, longestBody) : sendError(reply, shown);
	});
	const context = { ...options, fleet: fleetReader(options.store) };
	const bound = [
		...configHandlers(context),
		...lunHandlers(context),
		...statusHandlers(context),
		...nodeHandlers(context),
	];
	const missing = routes.filter((route) => !bound.some((other) => other.route === route));
	if (missing.length > 0) throw new Error(`no handler for ${missing.map(({ path }) => path).join(", ")}`);
	for (const one of bound) register(app, options, one);
	return app;
}

function register(app: FastifyInstance, options: ServerOptions, { route, answer }: BoundRoute): void {
	const handler = async (request: FastifyRequest, reply: FastifyReply) => {
		try {
			const raw = { path: request.params, query: request.query, body: request.body };
			return sendData(reply, await answer(raw, callerOf(request)), options.simulated);
		} catch (error) {
			const shown = shownError(error);
			if (shown.fault === "bug") options.onFault(error, `${route.method} ${route.path}`);
			return sendError(reply, shown);
		}
	};
	app.route({ method: route.method, url: `/api2/json${route.path}`, handler });
}

function pathOf(request: FastifyRequest): string {
	return request.url.split("?")[0]?.replace(/^\/api2\/json/, "") ?? "/";
}

function isTooLarge(error: unknown): boolean {
	return error instanceof Error && "statusCode" in error && error.statusCode === 413;
}
