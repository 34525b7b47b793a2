import type { Route } from "@pathkeeper/model";
import type { Static, TSchema } from "typebox";
import { parametersOf, type RawParameters } from "../wire/parameters.ts";
import type { AccessCaller } from "./caller.ts";

/** A route whose handler looks at what its caller may do. */
export interface AccessRoute {
	readonly route: Route;
	readonly answer: (raw: RawParameters, caller: AccessCaller) => Promise<unknown>;
}

/** Binds a handler to its route, as `bind` does for handlers that only need the name of their caller. */
export function bindAccess<P extends TSchema, R extends TSchema>(
	route: Route<P, R>,
	handle: (parameters: Static<P>, caller: AccessCaller) => Promise<Static<R>>,
): AccessRoute {
	return { route, answer: (raw, caller) => handle(parametersOf(route, raw), caller) };
}
