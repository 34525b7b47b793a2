import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { PathkeeperError, type Send } from "@pathkeeper/model";

type Call = Parameters<Send>[0];

/** A question is answered from what the daemon knows; a forget waits for every node. */
export function patienceMs({ method }: Call): number {
	return method === "GET" ? 30_000 : 240_000;
}

/** Places of a local socket; there is at least one. */
type SocketPaths = readonly [string, ...string[]];

/**
 * Speaks to the daemon over its local socket, the first that somebody listens on. Throws DAEMON_UNREACHABLE, naming all
 * places, when nobody is there.
 */
export function overSocket(paths: SocketPaths, withinMs?: number): Send {
	return async (call) => {
		let nobody: unknown;
		for (const path of paths) {
			try {
				return await throughSocket(path, call, paths, withinMs);
			} catch (error) {
				// Nobody took the connection, so nobody has heard of the call: the next one may.
				if (!(error instanceof PathkeeperError && isNobodyThere(error.cause))) throw error;
				nobody = error;
			}
		}
		throw nobody;
	};
}

function throughSocket(
	socketPath: string,
	call: Call,
	tried: SocketPaths,
	withinMs: number | undefined,
): ReturnType<Send> {
	const { method, target: path } = call;
	const timeout = withinMs ?? patienceMs(call);
	const sent = (answer: (response: IncomingMessage) => void) =>
		request({ socketPath, method, path, headers: bodyHeaders(call), timeout }, answer);
	return exchange(call, timeout, sent, (error) => {
		// Where nobody listens, all places count; any other trouble is of this one.
		const address = isNobodyThere(error) ? tried.join(" or ") : socketPath;
		return unreachable(address, error);
	});
}

function isNobodyThere(error: unknown): boolean {
	return (
		error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ECONNREFUSED")
	);
}

export function bodyHeaders({ body }: Call): Readonly<Record<string, string>> {
	return body === null
		? {}
		: { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
}

/** Sends a call with a request that `start` makes, and reads the answer; throws what `failure` makes of an error. */
export function exchange(
	call: Call,
	withinMs: number,
	start: (answer: (response: IncomingMessage) => void) => ClientRequest,
	failure: (error: Error) => PathkeeperError,
): ReturnType<Send> {
	return new Promise((resolve, reject) => {
		const fail = (error: Error) => reject(failure(error));
		const sent = start((response) => {
			const chunks: Buffer[] = [];
			response.on("data", (chunk: Buffer) => chunks.push(chunk));
			response.on("error", fail);
			response.on("end", () =>
				resolve({
					status: response.statusCode ?? 0,
					reason: response.statusMessage ?? "",
					body: Buffer.concat(chunks).toString("utf8"),
				}),
			);
		});
		sent.on("timeout", () => sent.destroy(new Error(`no answer within ${withinMs / 1000} s`)));
		sent.on("error", fail);
		sent.end(call.body ?? undefined);
	});
}

function unreachable(address: string, error: Error): PathkeeperError {
	const code = "code" in error ? error.code : "";
	const problem = isNobodyThere(error)
		? "it is not running; start it: systemctl start pathkeeper (on a server of a fleet: pathkeeper-server); where only an agent runs, name a server with --server; to try things without a SAN: pathkeeper demo"
		: code === "EACCES"
			? "only root may use the local socket; or name a server with --server"
			: error.message;
	return new PathkeeperError("DAEMON_UNREACHABLE", { address, problem }, { cause: error });
}
