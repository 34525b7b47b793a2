/**
 * The API of the fleet: routes of `model/api`, in Proxmox VE's wire form. The server reads and writes the store and
 * nothing else; what is to happen on a host is left there as a wish or a task for that host's agent.
 */
import { messageOf, PathkeeperError, routes } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { localRoot } from "./caller.ts";
import type { BoundRoute } from "./routes/bind.ts";
import { multipathHandlers } from "./routes/multipath-handlers.ts";
import { nodeHandlers } from "./routes/node-handlers.ts";
import { asPathkeeperError, sendData, sendError, sendNotImplemented } from "./wire/reply.ts";

export interface ServerOptions {
	readonly store: Store;
	readonly version: string;
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
	/** True when the hosts behind the store are simulated: every answer then says so. */
	readonly simulated: boolean;
	/** Told of faults of ours, which a caller only sees as such. */
	readonly onFault: (error: unknown, where: string) => void;
}

const urlencoded = "application/x-www-form-urlencoded";
const longestBody = 4 * 1024 * 1024;

/** The app, not listening yet. Everybody who reaches it is taken for root: it belongs on the local socket only. */
export function createServer(options: ServerOptions): FastifyInstance {
	const app = Fastify({ bodyLimit: longestBody, routerOptions: { maxParamLength: 512 } });
	app.addContentTypeParser(urlencoded, { parseAs: "string" }, (_request, body, done) => {
		done(null, Object.fromEntries(new URLSearchParams(body.toString())));
	});
	app.setNotFoundHandler((request, reply) => sendNotImplemented(reply, request.method, pathOf(request)));
	app.setErrorHandler((error, _request, reply) => {
		const problem = new PathkeeperError("PARAMETER_INVALID", {
			fields: { body: messageOf(error) },
			cause: error,
		});
		return sendError(reply, problem);
	});
	const bound = [...multipathHandlers(options), ...nodeHandlers(options)];
	const missing = routes.filter((route) => !bound.some((other) => other.route === route));
	if (missing.length > 0) throw new Error(`no handler for ${missing.map(({ path }) => path).join(", ")}`);
	for (const one of bound) register(app, options, one);
	return app;
}

function register(app: FastifyInstance, options: ServerOptions, { route, answer }: BoundRoute): void {
	app.route({
		method: route.method,
		url: `/api2/json${route.path}`,
		handler: async (request, reply) => {
			try {
				const raw = {
					path: request.params,
					query: request.query,
					body: request.body,
					bodyIsText: request.headers["content-type"]?.startsWith(urlencoded) === true,
				};
				return sendData(reply, await answer(raw, localRoot), options.simulated);
			} catch (error) {
				const shown = asPathkeeperError(error);
				if (shown.fault === "bug") options.onFault(error, `${route.method} ${route.path}`);
				return sendError(reply, shown);
			}
		},
	});
}

function pathOf(request: FastifyRequest): string {
	return request.url.split("?")[0]?.replace(/^\/api2\/json/, "") ?? "/";
}
