import type { Static, TSchema } from "typebox";

/** What a caller must be allowed to do. `none`: anybody who reaches the server. `login`: anybody who is known. */
export type Privilege =
	| "none"
	| "login"
	| "Sys.Audit"
	| "Sys.Modify"
	| "Datastore.Audit"
	| "Datastore.Allocate"
	| "Datastore.AllocateSpace"
	| "Permissions.Modify";

/**
 * Path that the privilege is checked on. `each`: any known caller is let in, and the handler answers only for what
 * that caller may see or change.
 */
export type CheckedOn = "/" | "/nodes" | "/nodes/:node" | "/storage" | "/storage/:storage" | "each";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * One call of the API: the server registers it, the typed client calls it, the OpenAPI document describes it. A
 * route without a privilege does not compile. Paths are below `/api2/json` unless `below` says otherwise, with `:name`
 * for parameters.
 *
 * `parameters` holds all of them, wherever they travel: those named in the path, then the query (GET, DELETE) or
 * the body (POST, PUT), as Proxmox VE does it.
 */
export interface Route<Parameters extends TSchema = TSchema, Result extends TSchema = TSchema> {
	readonly method: Method;
	readonly path: `/${string}`;
	readonly privilege: Privilege;
	/** Absent: the node or storage that the path begins with, else `/`. */
	readonly on?: CheckedOn;
	/** Name of the path parameter that holds a user: that user in person needs no privilege. */
	readonly self?: string;
	/** False: it changes nothing, though its method would let one think so. */
	readonly changes?: false;
	/**
	 * When it is done though the store is nearly full, because it makes room or takes somebody's power away: `always`,
	 * or with any of these values of its parameters. Absent: never, unless its method is DELETE.
	 */
	readonly whenFull?: "always" | Readonly<Record<string, readonly unknown[]>>;
	/** What the path is below, where that is not `/api2/json`; empty: it stands by itself. */
	readonly below?: "" | "/api2";
	/**
	 * Content type of an answer that is not the result in Proxmox VE's wire form; the result then is the text of a body.
	 * The typed client does not call such routes.
	 */
	readonly media?: "text/event-stream" | "text/plain" | "application/json";
	/** One sentence for the OpenAPI document. */
	readonly summary: string;
	readonly parameters: Parameters;
	readonly result: Result;
}

/** Types a route from its schemas. */
export function defineRoute<const Parameters extends TSchema, const Result extends TSchema>(
	route: Route<Parameters, Result>,
): Route<Parameters, Result> {
	return route;
}

/** Of parameters whose names are not known beforehand; null when there are none. */
export function furtherOf(parameters: TSchema): TSchema | null {
	const more: unknown = "additionalProperties" in parameters ? parameters.additionalProperties : null;
	return isSchema(more) ? more : null;
}

function isSchema(value: unknown): value is TSchema {
	return typeof value === "object" && value !== null;
}

/** True for a route that may change something. */
export function isChange({ method, changes }: Pick<Route, "method" | "changes">): boolean {
	return method !== "GET" && changes !== false;
}

/** True for a call that goes on when the store is nearly full: one that changes nothing, frees room or ends rights. */
export function isDoneWhenFull(route: Route, parameters: unknown): boolean {
	if (!isChange(route) || route.method === "DELETE" || route.whenFull === "always") return true;
	const given = new Map(Object.entries(parameters instanceof Object ? parameters : {}));
	return Object.entries(route.whenFull ?? {}).some(([name, values]) => values.includes(given.get(name)));
}

export type ResultOf<R extends Route> = Static<R["result"]>;

/** Names of the path parameters of a route, in order. */
export function pathParameters(route: Route): string[] {
	return [...route.path.matchAll(/:([a-z]+)/g)].map((match) => match[1] ?? "");
}

/** The whole path that a route is served under, with `:name` for parameters. */
export function servedPath({ below, path }: Route): string {
	return `${below ?? "/api2/json"}${path}`;
}
