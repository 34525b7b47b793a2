import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { expositionType } from "./exposition.ts";
import type { LiveFleet } from "./live-fleet.ts";
import { metricsText } from "./metrics.ts";

export interface MetricsRouteOptions {
	readonly live: LiveFleet;
	/** Lets a request through or throws: an address that is allowed, or a token. */
	readonly admit: (request: FastifyRequest) => Promise<void>;
}

/** Adds `/metrics`: `?full=1` for every LUN on every node, `?node=N` for one node. */
export function registerMetrics(app: FastifyInstance, { live, admit }: MetricsRouteOptions): void {
	app.route<{ Querystring: { readonly full?: unknown; readonly node?: unknown } }>({
		method: "GET",
		url: "/metrics",
		onRequest: admit,
		handler: async (request, reply): Promise<FastifyReply> => {
			const { full, node } = request.query;
			using look = await live.look();
			const text = metricsText(look, { full: full === "1", node: typeof node === "string" ? node : null });
			return reply.code(200).header("content-type", expositionType).send(text);
		},
	});
}
