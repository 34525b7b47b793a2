import { PathkeeperError } from "@pathkeeper/model";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Caller } from "./caller.ts";

declare module "fastify" {
	interface FastifyRequest {
		/** Who makes the request, once the gate let it through; null before. */
		caller: Caller | null;
	}
}

/** Gives every request of the app a place for its caller. */
export function decorateWithCaller(app: FastifyInstance): void {
	app.decorateRequest("caller", null);
}

/** Who made a request that a gate let through. Throws BUG when none did. */
export function callerOf({ caller }: Pick<FastifyRequest, "caller">): Caller {
	if (caller !== null) return caller;
	throw new PathkeeperError("BUG", { problem: "a route without access control" });
}
