import { liveRoutes } from "@pathkeeper/model";
import type { FastifyRequest } from "fastify";
import type { AccessGate } from "../access/access-gate.ts";

/** Addresses that may read metrics without a token. */
export interface AllowedAddresses {
	readonly has: (address: string) => boolean;
}

/** Who may read metrics through a door: allowed addresses, and whoever may look at the fleet. */
export function metricsGate(
	gate: AccessGate,
	allowed: AllowedAddresses,
): (request: FastifyRequest) => Promise<void> {
	const known = gate.admit(liveRoutes.getMetrics);
	return async (request) => {
		const { remoteAddress } = request.socket;
		if (remoteAddress === undefined || !allowed.has(remoteAddress)) await known(request);
	};
}
