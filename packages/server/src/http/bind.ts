import type { Route } from "@pathkeeper/model";
import type { Static, TSchema } from "typebox";
import type { Caller } from "./caller.ts";
import { parametersOf, type RawParameters } from "./parameters.ts";

/** A route with what answers it: checks the parameters, then handles them. */
export interface BoundRoute {
	readonly route: Route;
	/** `check` sees the parameters before they are handled, and keeps the call from it by throwing. */
	readonly answer: (
		raw: RawParameters,
		caller: Caller,
		check?: (parameters: unknown) => Promise<void>,
	) => Promise<unknown>;
}

/** Binds a handler to its route; its parameters and result are those of the route. */
export function bind<P extends TSchema, R extends TSchema>(
	route: Route<P, R>,
	handle: (parameters: Static<P>, caller: Caller) => Promise<Static<R>>,
): BoundRoute {
	return {
		route,
		answer: async (raw, caller, check) => {
			const parameters = parametersOf(route, raw);
			await check?.(parameters);
			return await handle(parameters, caller);
		},
	};
}
