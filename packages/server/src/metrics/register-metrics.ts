/** `/metrics`: the fleet for a monitoring system that asks again and again. */
import { liveRoutes, servedPath } from "@pathkeeper/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { LiveFleet } from "../fleet/live-fleet.ts";
import { parametersOf } from "../http/parameters.ts";
import type { StoreRoom } from "../room/store-room.ts";
import { expositionType } from "./exposition.ts";
import { metricsText } from "./metrics.ts";

export interface MetricsRouteOptions {
	readonly live: LiveFleet;
	/** Absent: nothing is told of the room of the store. */
	readonly room?: StoreRoom;
	/** Lets a request through or throws: an address that is allowed, or a token. */
	readonly admit: (request: FastifyRequest) => Promise<void>;
}

/** Adds `/metrics`: `?full=1` for every LUN on every node, `?node=N` for one node. */
export function registerMetrics(app: FastifyInstance, { live, room, admit }: MetricsRouteOptions): void {
	app.route({
		method: "GET",
		url: servedPath(liveRoutes.getMetrics),
		onRequest: admit,
		handler: async ({ query }, reply): Promise<FastifyReply> => {
			const { full, node } = parametersOf(liveRoutes.getMetrics, { path: {}, query, body: undefined });
			using look = await live.look();
			const space = (await room?.space()) ?? null;
			const text = metricsText(look, { full: full === 1 || full === true, node: node ?? null }, space);
			return reply.code(200).header("content-type", expositionType).send(text);
		},
	});
}
