/** `/cluster/multipath/matrix` and `/cluster/events`: routes that answer with bytes of their own. */
import { type AclPath, liveRoutes, servedPath } from "@pathkeeper/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AccessGate } from "../access/access-gate.ts";
import type { LiveFleet } from "../fleet/live-fleet.ts";
import type { Caller } from "../http/caller.ts";
import { parametersOf } from "../http/parameters.ts";
import { partyOf } from "../http/party.ts";
import { contentType, sendError, shownError } from "../http/reply.ts";
import { callerOf } from "../http/request-caller.ts";
import type { EventHub } from "./event-hub.ts";
import { MatrixBytes, matrixTag } from "./matrix-bytes.ts";

export interface LiveRoutesOptions {
	readonly live: LiveFleet;
	readonly hub: EventHub;
	readonly gate: AccessGate;
	/** Whether a caller may see what is about a path now; asked again and again while a stream lasts. */
	readonly may?: (caller: Caller, path: AclPath) => Promise<boolean>;
	readonly simulated: boolean;
	readonly onFault: (error: unknown, where: string) => void;
}

/** Adds both routes; their streams end before the app closes. */
export function registerLive(app: FastifyInstance, options: LiveRoutesOptions): void {
	const { live, hub, gate, may = mayAudit, simulated } = options;
	const matrices = new MatrixBytes(simulated);
	// A stream never ends by itself: closing would wait for it.
	app.addHook("preClose", async () => hub.close());
	app.route({
		method: "GET",
		url: servedPath(liveRoutes.getMatrix),
		onRequest: gate.admit(liveRoutes.getMatrix),
		handler: answering(options, liveRoutes.getMatrix.path, async (request, reply) => {
			const { counts } = parametersOf(liveRoutes.getMatrix, rawOf(request));
			using look = await live.look();
			const withCounts = counts === 1 || counts === true;
			const tag = matrixTag(look.epoch, look.picture, withCounts);
			reply.header("etag", tag).header("cache-control", "no-cache");
			if (request.headers["if-none-match"] === tag) return reply.code(304).send();
			const bytes = matrices.of(look.epoch, look.picture, withCounts);
			return reply.code(200).header("content-type", contentType).send(bytes);
		}),
	});
	app.route({
		method: "GET",
		url: servedPath(liveRoutes.getEvents),
		// A stream has no end that HEAD could ask for.
		exposeHeadRoute: false,
		onRequest: gate.admit(liveRoutes.getEvents),
		handler: answering(options, liveRoutes.getEvents.path, async (request, reply) => {
			const { last } = parametersOf(liveRoutes.getEvents, rawOf(request));
			const caller = callerOf(request);
			const party = partyOf(caller);
			hub.makeRoom(party);
			reply.hijack();
			reply.raw.writeHead(200, streamHeaders);
			reply.raw.flushHeaders();
			hub.join(reply.raw, { party, may: () => may(caller, "/"), last: lastEventOf(request) ?? last ?? null });
			return reply;
		}),
	});
}

/** True while the caller would be let in to see the fleet. */
export async function mayAudit(caller: Caller, path: AclPath): Promise<boolean> {
	return (await caller.current())?.rights(path).has("Sys.Audit") ?? false;
}

const streamHeaders = {
	"content-type": "text/event-stream; charset=utf-8",
	"cache-control": "no-store",
	// A connection whose stream has ended is closed, and not kept for a further request.
	connection: "close",
	"x-accel-buffering": "no",
	"x-content-type-options": "nosniff",
} as const;

function answering(
	{ onFault }: LiveRoutesOptions,
	path: string,
	answer: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
		try {
			return await answer(request, reply);
		} catch (error) {
			const shown = shownError(error);
			if (shown.fault === "bug") onFault(error, `GET ${path}`);
			return sendError(reply, shown);
		}
	};
}

function rawOf(request: FastifyRequest) {
	return { path: request.params, query: request.query, body: undefined };
}

function lastEventOf({ headers }: FastifyRequest): string | null {
	const value = headers["last-event-id"];
	return typeof value === "string" ? value : null;
}
