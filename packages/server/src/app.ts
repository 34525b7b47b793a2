/**
 * The API of the fleet: routes of `model/api`, in Proxmox VE's wire form. The server reads and writes the store and
 * nothing else; what is to happen on a host is left there as a wish or a task for that host's agent.
 */
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { servedPath } from "@pathkeeper/model";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AccessGate } from "./access/access-gate.ts";
import type { EventHub } from "./live/event-hub.ts";
import type { LiveFleet } from "./live/live-fleet.ts";
import { type AllowedAddresses, metricsGate } from "./live/metrics-gate.ts";
import { registerLive } from "./live/register-live.ts";
import { registerMetrics } from "./live/register-metrics.ts";
import type { BoundRoute } from "./routes/bind.ts";
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
	/** What `createApi` made; doors of one server share it. */
	readonly api: readonly BoundRoute[];
	/** What those look at who follow the fleet; doors of one server share it. Absent: nothing is followed here. */
	readonly live?: {
		readonly fleet: LiveFleet;
		readonly hub: EventHub;
		readonly metricsFor: AllowedAddresses;
	};
	/** Who is let in through this door. */
	readonly gate: AccessGate;
	/** Certificate with its chain, and key, as PEM; null: the local socket, which needs none. */
	readonly tls: { readonly cert: string; readonly key: string } | null;
	/** True when the hosts behind the store are simulated: every answer then says so. */
	readonly simulated: boolean;
	/** Told of faults of ours, which a caller only sees as such. */
	readonly onFault: (error: unknown, where: string) => void;
	readonly patience?: Patience;
}

/** How long a client may take, in milliseconds; who takes longer is cut off. */
export interface Patience {
	/** To agree on how to encrypt. */
	readonly handshakeMs: number;
	/** To send the head of a request, and the whole of it. */
	readonly headersMs: number;
	readonly requestMs: number;
}

/** Holds a document of the full size however a client escapes it. */
const longestBody = 4 * 1024 * 1024;
/** For what strangers may send: a login. */
const longestLogin = 16 * 1024;
const usualPatience: Patience = { handshakeMs: 10_000, headersMs: 20_000, requestMs: 60_000 };
/** Each holds some memory, whoever it is from. */
const mostConnections = 4096;

/** One door to the API, not listening yet. */
export function createServer(options: ServerOptions): FastifyInstance {
	const { tls, gate } = options;
	const { handshakeMs, headersMs, requestMs } = options.patience ?? usualPatience;
	const patience = {
		headersTimeout: headersMs,
		requestTimeout: requestMs,
		connectionsCheckingInterval: headersMs / 4,
	};
	const app = Fastify({
		serverFactory: (handler) => {
			const server =
				tls === null
					? createHttpServer(patience, handler)
					: createHttpsServer({ ...patience, ...tls, handshakeTimeout: handshakeMs }, handler);
			server.maxConnections = mostConnections;
			return server;
		},
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
		const limit = request.routeOptions.bodyLimit ?? longestBody;
		return isTooLarge(error) ? sendTooLarge(reply, limit) : sendError(reply, shown);
	});
	for (const one of options.api) register(app, options, one);
	if (options.live !== undefined) {
		const { fleet: live, hub, metricsFor } = options.live;
		registerLive(app, { live, hub, gate, simulated: options.simulated, onFault: options.onFault });
		registerMetrics(app, { live, admit: metricsGate(gate, metricsFor) });
	}
	return app;
}

function register(app: FastifyInstance, options: ServerOptions, { route, answer }: BoundRoute): void {
	const { gate } = options;
	const handler = async (request: FastifyRequest, reply: FastifyReply) => {
		try {
			const raw = { path: request.params, query: request.query, body: request.body };
			const data = await answer(raw, gate.callerOf(request));
			return route.media === undefined
				? sendData(reply, data, options.simulated)
				: reply.code(200).type(route.media).send(data);
		} catch (error) {
			const shown = shownError(error);
			if (shown.fault === "bug") options.onFault(error, `${route.method} ${route.path}`);
			return sendError(reply, shown);
		}
	};
	app.route({
		method: route.method,
		url: servedPath(route),
		...(route.privilege === "none" ? { bodyLimit: longestLogin } : {}),
		onRequest: gate.admit(route),
		handler,
	});
}

function pathOf(request: FastifyRequest): string {
	return request.url.split("?")[0]?.replace(/^\/api2\/json/, "") ?? "/";
}

function isTooLarge(error: unknown): boolean {
	return error instanceof Error && "statusCode" in error && error.statusCode === 413;
}
