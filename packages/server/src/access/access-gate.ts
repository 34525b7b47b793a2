/** The door: lets requests through to handlers, or not. Thin, so that all there is to decide can be tested without it. */
import { lackedFor, PathkeeperError, type Route } from "@pathkeeper/model";
import type { FastifyRequest } from "fastify";
import { type Caller, localRoot, stranger } from "../caller.ts";
import type { AccessContext } from "./access-context.ts";
import { authenticate } from "./authenticate.ts";
import type { RequestParts } from "./credentials.ts";
import { permissionDenied } from "./refusals.ts";

export interface AccessGate {
	/**
	 * `onRequest` hook of a route, so that nobody's body is read before they are known. Throws NO_TICKET,
	 * TICKET_INVALID, AUTHENTICATION_FAILED, CSRF_INVALID or PERMISSION_DENIED.
	 */
	readonly admit: (route: Route) => (request: FastifyRequest) => Promise<void>;
	/** Who made a request that was let through. */
	readonly callerOf: (request: FastifyRequest) => Caller;
}

/** For the local socket: whoever can open it is root on this host. */
export const socketGate: AccessGate = { admit: () => async () => undefined, callerOf: () => localRoot };

/** For the network: everybody has to prove who they are, and to be allowed. */
export function networkGate(access: AccessContext): AccessGate {
	const callers = new WeakMap<FastifyRequest, Caller>();
	return {
		admit: (route) => async (request) => {
			callers.set(request, await admitted(access, route, partsOf(request), textsOf(request.params)));
		},
		callerOf: (request) => {
			const caller = callers.get(request);
			if (caller !== undefined) return caller;
			throw new PathkeeperError("BUG", { values: { problem: "a route without access control" } });
		},
	};
}

/** The caller of a route, known and allowed; throws what they are told else. `parameters`: those in the path. */
async function admitted(
	access: AccessContext,
	route: Route,
	request: RequestParts,
	parameters: Readonly<Record<string, string>>,
): Promise<Caller> {
	if (route.privilege === "none") return stranger(request.from);
	const answer = await authenticate(access, request);
	if ("failure" in answer) {
		// Every browser begins without one: nothing to tell.
		if (answer.failure.code !== "NO_TICKET")
			access.tell({ what: "refused", user: null, from: request.from, detail: answer.detail });
		throw answer.failure;
	}
	const lacked = lackedFor(route, parameters, answer.caller);
	if (lacked === null) return answer.caller;
	throw permissionDenied(lacked);
}

function partsOf({ method, headers, ip }: FastifyRequest): RequestParts {
	const csrf = headers["csrfpreventiontoken"];
	return {
		method,
		authorization: headers.authorization,
		cookie: headers.cookie,
		csrf: typeof csrf === "string" ? csrf : undefined,
		from: ip,
	};
}

function textsOf(parameters: unknown): Record<string, string> {
	const all = typeof parameters === "object" && parameters !== null ? Object.entries(parameters) : [];
	return Object.fromEntries(all.map(([name, value]) => [name, String(value)]));
}
