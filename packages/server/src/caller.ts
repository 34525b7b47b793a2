import type { FastifyRequest } from "fastify";

/** Who makes a request. */
export interface Caller {
	/** User such as `root@local`. */
	readonly user: string;
	/** Address of the client; null for the local socket. */
	readonly from: string | null;
}

/** Everybody who can open the local socket is root on this host. */
const localRoot: Caller = { user: "root@local", from: null };

/** Who makes this request. */
export function callerOf(_request: FastifyRequest): Caller {
	return localRoot;
}
