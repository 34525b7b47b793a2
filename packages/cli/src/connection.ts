import { request } from "node:http";
import { PathkeeperError, type Send } from "@pathkeeper/model";

/** A question is answered from what the daemon knows; a forget waits for every node. */
const answerWithinMs = 30_000;
const changeWithinMs = 240_000;

/** Speaks to the daemon over its local socket. Throws DAEMON_UNREACHABLE when nobody is there. */
export function overSocket(socketPath: string): Send {
	return (call) =>
		new Promise((resolve, reject) => {
			const headers = call.body === null ? {} : { "content-type": "application/json" };
			const timeout = call.method === "GET" ? answerWithinMs : changeWithinMs;
			const sent = request(
				{ socketPath, method: call.method, path: call.target, headers, timeout },
				(response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk: Buffer) => chunks.push(chunk));
					response.on("error", (error) => reject(unreachable(socketPath, error)));
					response.on("end", () =>
						resolve({
							status: response.statusCode ?? 0,
							reason: response.statusMessage ?? "",
							body: Buffer.concat(chunks).toString("utf8"),
						}),
					);
				},
			);
			sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeout / 1000} s`)));
			sent.on("error", (error) => reject(unreachable(socketPath, error)));
			sent.end(call.body ?? undefined);
		});
}

function unreachable(socketPath: string, error: Error): PathkeeperError {
	const code = "code" in error ? error.code : "";
	const problem =
		code === "ENOENT" || code === "ECONNREFUSED"
			? "it is not running; start it: systemctl start pathkeeper, or ./dev start for a trial"
			: code === "EACCES"
				? "only root may use the local socket"
				: error.message;
	return new PathkeeperError("DAEMON_UNREACHABLE", {
		values: { address: socketPath, problem },
		cause: error,
	});
}
