/**
 * The API of the fleet: routes of `model/api`, in Proxmox VE's wire form. The server reads and writes the store and
 * nothing else; what is to happen on a host is left there as a wish or a task for that host's agent.
 */
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AccessGate } from "./access/access-gate.ts";
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
	/** Who is let in through this door. */
	readonly gate: AccessGate;
	/** Certificate with its chain, and key, as PEM; null: the local socket, which needs none. */
	readonly tls: { readonly cert: string; readonly key: string } | null;
	/** True when the hosts behind the store are simulated: every answer then says so. */
	readonly simulated: boolean;
	/** Told of faults of ours, which a caller only sees as such. */
	readonly onFault: (error: unknown, where: string) => void;
}

/** Holds a document of the full size however a client escapes it. */
const longestBody = 4 * 1024 * 1024;
/** For what strangers may send: a login. */
const longestLogin = 16 * 1024;
const headersWithinMs = 20_000;
const requestWithinMs = 60_000;

/** One door to the API, not listening yet. */
export function createServer(options: ServerOptions): FastifyInstance {
	const { tls } = options;
	const patience = { headersTimeout: headersWithinMs, requestTimeout: requestWithinMs };
	const app = Fastify({
		serverFactory: (handler) =>
			tls === null
				? createHttpServer(patience, handler)
				: createHttpsServer({ ...patience, ...tls }, handler),
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
	return app;
}

function register(app: FastifyInstance, options: ServerOptions, { route, answer }: BoundRoute): void {
	const { gate } = options;
	const handler = async (request: FastifyRequest, reply: FastifyReply) => {
		try {
			const raw = { path: request.params, query: request.query, body: request.body };
			return sendData(reply, await answer(raw, gate.callerOf(request)), options.simulated);
		} catch (error) {
			const shown = shownError(error);
			if (shown.fault === "bug") options.onFault(error, `${route.method} ${route.path}`);
			return sendError(reply, shown);
		}
	};
	app.route({
		method: route.method,
		url: `/api2/json${route.path}`,
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
