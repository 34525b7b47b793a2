import type { Static, TSchema } from "typebox";
import { Check } from "typebox/value";
import { isErrorCode, PathkeeperError, ReceivedError } from "../errors.ts";
import { pathParameters, type Route, servedPath } from "./route.ts";

/** One HTTP exchange, done by whoever runs the client: a browser's fetch, or Node over a unix socket. */
export type Send = (request: {
	readonly method: string;
	/** Path and query, such as `/api2/json/nodes?x=1`. */
	readonly target: string;
	/** JSON text; null when there is no body. */
	readonly body: string | null;
}) => Promise<{ readonly status: number; readonly reason: string; readonly body: string }>;

/** Calls routes by their definition, so that parameters and results are typed by it. */
export interface Client {
	/**
	 * Throws the server's error with its own code, message and values; where this version does not know the code,
	 * REMOTE_REFUSED for wrong parameters, REMOTE for what may succeed later and REMOTE_DENIED for everything else. The
	 * server's `errors` map is in `fields` and its code and values as `remote`; and whatever `send` throws.
	 */
	call<P extends TSchema, R extends TSchema>(route: Route<P, R>, parameters: Static<P>): Promise<Static<R>>;
}

export interface ClientOptions {
	/** Called for every answer that says its hosts are simulated, so that it can be marked wherever it is shown. */
	readonly onSimulated?: () => void;
}

export function createClient(send: Send, options: ClientOptions = {}): Client {
	return {
		async call(route, parameters) {
			const answer = await send(requestOf(route, new Map(Object.entries(parameters ?? {}))));
			const document = parse(answer.body);
			if (answer.status < 200 || answer.status >= 300) throw failure(answer.status, answer.reason, document);
			if (document?.["simulated"] === 1) options.onSimulated?.();
			const data = document?.["data"];
			if (!Check(route.result, data)) {
				throw new PathkeeperError("BUG", {
					problem: `the answer to ${route.method} ${route.path} is not in the expected form`,
				});
			}
			return data;
		},
	};
}

function requestOf(route: Route, parameters: Map<string, unknown>): Parameters<Send>[0] {
	const inPath = new Set(pathParameters(route));
	const target = servedPath(route).replace(/:([a-z]+)/g, (_, name: string) =>
		segment(name, parameters.get(name)),
	);
	const rest = [...parameters].filter(([name, value]) => !inPath.has(name) && value !== undefined);
	if (route.method === "POST" || route.method === "PUT") {
		return { method: route.method, target, body: JSON.stringify(Object.fromEntries(rest)) };
	}
	const query = rest.map(
		([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
	);
	return {
		method: route.method,
		target: query.length > 0 ? `${target}?${query.join("&")}` : target,
		body: null,
	};
}

/** A value as one segment of a path. Those that every URL parser takes for another path are refused. */
function segment(name: string, value: unknown): string {
	const text = String(value ?? "");
	if (text === "" || text === "." || text === ".." || !text.isWellFormed()) {
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { [name]: `'${text}' is not a valid name` } });
	}
	return encodeURIComponent(text);
}

function parse(text: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : null;
	} catch {
		return null;
	}
}

function failure(status: number, reason: string, document: Record<string, unknown> | null): PathkeeperError {
	const message = typeof document?.["message"] === "string" ? document["message"].trim() : reason;
	const code = typeof document?.["code"] === "string" ? document["code"] : null;
	const fields = entriesOf(document?.["errors"]).map(([name, text]) => [name, String(text)]);
	const values = entriesOf(document?.["values"]).filter(
		(entry): entry is [string, string | number] =>
			typeof entry[1] === "string" || typeof entry[1] === "number",
	);
	const options = {
		fields: Object.fromEntries(fields),
		remote: { status, code, values: Object.fromEntries(values) },
	};
	if (code !== null && isErrorCode(code))
		return new PathkeeperError(new ReceivedError(code, message, options.remote.values), options);
	return new PathkeeperError(codeOf(status), { message }, options);
}

/**
 * For an answer without a code that is known here. A status that may be another one the next time: too many requests
 * (RFC 6585, section 4), and those of the server (RFC 9110, section 15.6) except for a route that it does not have.
 */
function codeOf(status: number): "REMOTE_REFUSED" | "REMOTE" | "REMOTE_DENIED" {
	if (status === 400) return "REMOTE_REFUSED";
	return status === 429 || (status >= 500 && status !== 501) ? "REMOTE" : "REMOTE_DENIED";
}

function entriesOf(value: unknown): [string, unknown][] {
	return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
