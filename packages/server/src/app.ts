/**
 * The API of the fleet: routes of `model/api`, in Proxmox VE's wire form. The server reads and writes the store and
 * nothing else; what is to happen on a host is left there as a wish or a task for that host's agent.
 */
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type PathkeeperError, servedPath } from "@pathkeeper/model";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AccessGate } from "./access/access-gate.ts";
import type { EventHub } from "./events/event-hub.ts";
import { registerLive } from "./events/register-live.ts";
import type { LiveFleet } from "./fleet/live-fleet.ts";
import type { BoundRoute } from "./http/bind.ts";
import { addBodyParsers, mostOfStrangers } from "./http/body.ts";
import {
	requestError,
	sendData,
	sendError,
	sendNotImplemented,
	sendTooLarge,
	shownTo,
} from "./http/reply.ts";
import { callerOf, decorateWithCaller } from "./http/request-caller.ts";
import { type AllowedAddresses, metricsGate } from "./metrics/metrics-gate.ts";
import { registerMetrics } from "./metrics/register-metrics.ts";
import type { StoreRoom } from "./room/store-room.ts";

export interface ServerOptions {
	/** What `createApi` made; doors of one server share it. */
	readonly api: readonly BoundRoute[];
	/** What those look at who follow the fleet; doors of one server share it. Absent: nothing is followed here. */
	readonly live?: {
		readonly fleet: LiveFleet;
		readonly hub: EventHub;
		/** Absent: metrics tell nothing of the room of the store. */
		readonly room?: StoreRoom;
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
/** Suites that authenticate what they encrypt, with keys that nobody can work out later (RFC 9325, section 4.2). */
const encryption = {
	minVersion: "TLSv1.2",
	ciphers: [
		"TLS_AES_256_GCM_SHA384",
		"TLS_CHACHA20_POLY1305_SHA256",
		"TLS_AES_128_GCM_SHA256",
		"ECDHE-ECDSA-AES256-GCM-SHA384",
		"ECDHE-RSA-AES256-GCM-SHA384",
		"ECDHE-ECDSA-CHACHA20-POLY1305",
		"ECDHE-RSA-CHACHA20-POLY1305",
		"ECDHE-ECDSA-AES128-GCM-SHA256",
		"ECDHE-RSA-AES128-GCM-SHA256",
	].join(":"),
} as const;
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
					: createHttpsServer({ ...patience, ...tls, ...encryption, handshakeTimeout: handshakeMs }, handler);
			server.maxConnections = mostConnections;
			return server;
		},
		bodyLimit: longestBody,
		routerOptions: { maxParamLength: 512 },
		frameworkErrors: (error, _request, reply) => {
			for (const [name, value] of guards(tls !== null)) reply.raw.setHeader(name, value);
			sendError(reply, requestError(error, "address"));
		},
	});
	app.addHook("onRequest", async (_, reply) => {
		for (const [name, value] of guards(tls !== null)) reply.raw.setHeader(name, value);
	});
	decorateWithCaller(app);
	addBodyParsers(app);
	app.setNotFoundHandler((request, reply) => sendNotImplemented(reply, request.method, pathOf(request)));
	app.setErrorHandler((error, request, reply) => {
		const shown = requestError(error, "body");
		if (isForLog(shown)) options.onFault(error, `${request.method} ${pathOf(request)}`);
		const limit = request.routeOptions.bodyLimit ?? longestBody;
		return isTooLarge(error) ? sendTooLarge(reply, limit) : sendError(reply, shown);
	});
	for (const one of options.api) register(app, options, one);
	if (options.live !== undefined) {
		const { fleet: live, hub, room, metricsFor } = options.live;
		registerLive(app, { live, hub, gate, simulated: options.simulated, onFault: options.onFault });
		registerMetrics(app, {
			live,
			admit: metricsGate(gate, metricsFor),
			...(room === undefined ? {} : { room }),
		});
	}
	return app;
}

/**
 * Of every answer, also one of bytes that a handler writes itself; a handler may say otherwise. Answers hold secrets
 * (a new token) and what only some may see, so no cache keeps them. A browser that trusts the certificate does not come
 * back without encryption (RFC 6797).
 */
function guards(isEncrypted: boolean): readonly (readonly [string, string])[] {
	return [
		["cache-control", "no-store"],
		["x-content-type-options", "nosniff"],
		...(isEncrypted ? [["strict-transport-security", "max-age=31536000"] as const] : []),
	];
}

function register(app: FastifyInstance, options: ServerOptions, { route, answer }: BoundRoute): void {
	const { gate } = options;
	const handler = async (request: FastifyRequest, reply: FastifyReply) => {
		let takeBack: () => void = () => undefined;
		try {
			const raw = { path: request.params, query: request.query, body: request.body };
			const data = await answer(raw, callerOf(request), async (parameters) => {
				takeBack = gate.charge(request, route, parameters);
			});
			return route.media === undefined
				? sendData(reply, data, options.simulated)
				: reply.code(200).type(route.media).send(data);
		} catch (error) {
			const shown = shownTo(callerOf(request), error);
			if (isForLog(shown)) options.onFault(error, `${route.method} ${route.path}`);
			// What this server refused for what it asks changed nothing; for what a node refused, a task was left first.
			const isRefused = shown.fault === "input" || shown.fault === "denied";
			if (isRefused && !shown.isReceived) takeBack();
			gate.noteRefusal(request, shown);
			return sendError(reply, shown);
		}
	};
	app.route({
		method: route.method,
		url: servedPath(route),
		...(route.privilege === "none"
			? { bodyLimit: longestLogin, config: { mostParameters: mostOfStrangers } }
			: {}),
		onRequest: gate.admit(route),
		handler,
	});
}

function pathOf(request: FastifyRequest): string {
	return request.url.split("?")[0]?.replace(/^\/api2\/json/, "") ?? "/";
}

/** Whoever asked was not told what it is about. */
function isForLog({ fault, code }: PathkeeperError): boolean {
	return fault === "bug" || code === "STORE_FAILED";
}

function isTooLarge(error: unknown): boolean {
	return error instanceof Error && "statusCode" in error && error.statusCode === 413;
}
