/** The door: lets requests through to handlers, or not. Thin, so that all there is to decide can be tested without it. */
import { lackedFor, PathkeeperError, type Route } from "@pathkeeper/model";
import type { FastifyRequest } from "fastify";
import { type Caller, localRoot, stranger } from "../caller.ts";
import { charge, chargedTo } from "../room/charge.ts";
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
	/**
	 * Charges a change to who makes it, once its parameters are known and before it is handled. Gives what takes the charge
	 * back, for a call that was refused. Throws WRITES_LIMITED.
	 */
	readonly charge: (request: FastifyRequest, route: Route, parameters: unknown) => () => void;
	/** Takes note of what a handler did not permit to somebody who was let through; of other errors it takes none. */
	readonly noteRefusal: (request: FastifyRequest, error: PathkeeperError) => void;
}

/** For the local socket: whoever can open it is root on this host, and needs no budget to do harm. */
export const socketGate: AccessGate = {
	admit: () => async () => undefined,
	callerOf: () => localRoot,
	charge: () => () => undefined,
	noteRefusal: () => undefined,
};

/** For the network: everybody has to prove who they are, and to be allowed. */
export function networkGate(access: AccessContext): AccessGate {
	const callers = new WeakMap<FastifyRequest, Caller>();
	const noteDenial = (request: FastifyRequest, { user, from }: Caller, { message }: PathkeeperError) =>
		access.tell({ what: "denied", user, from, subject: addressOf(request), detail: message });
	const callerOf = (request: FastifyRequest): Caller => {
		const caller = callers.get(request);
		if (caller !== undefined) return caller;
		throw new PathkeeperError("BUG", { problem: "a route without access control" });
	};
	return {
		admit: (route) => async (request) => {
			const parameters = textsOf(request.params);
			const caller = await known(access, route, partsOf(request));
			const denial = denialOf(route, parameters, caller);
			if (denial !== null) {
				noteDenial(request, caller, denial);
				throw denial;
			}
			callers.set(request, caller);
		},
		callerOf,
		charge: (request, route, all) => {
			const caller = callerOf(request);
			const kinds = chargedTo(route, { parameters: textsOf(request.params), all }, caller);
			return charge(access.budget, caller.user, kinds);
		},
		noteRefusal: (request, error) => {
			const caller = callers.get(request);
			if (error.code === "PERMISSION_DENIED" && caller !== undefined) noteDenial(request, caller, error);
		},
	};
}

/** The caller of a route; throws what they are told when they do not prove who they are. */
async function known(access: AccessContext, route: Route, request: RequestParts): Promise<Caller> {
	if (route.privilege === "none") return stranger(request.from);
	const answer = await authenticate(access, request);
	if ("caller" in answer) return answer.caller;
	const { user, detail, failure } = answer;
	// Strangers choose what an address holds: it is the route that is named.
	const subject = `${route.method} ${route.path}`;
	access.tell({ what: "refused", user, from: request.from, subject, detail });
	throw failure;
}

/** Null: the caller may. `parameters`: those in the path. */
function denialOf(
	route: Route,
	parameters: Readonly<Record<string, string>>,
	caller: Caller,
): PathkeeperError | null {
	const lacked = route.privilege === "none" ? null : lackedFor(route, parameters, caller);
	return lacked === null ? null : permissionDenied(lacked);
}

function addressOf({ method, url }: FastifyRequest): string {
	return `${method} ${url.split("?", 1)[0]?.replace(/^\/api2\/json/, "") ?? ""}`;
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
