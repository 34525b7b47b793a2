/** Proxmox VE's wire form of answers, so that its clients understand ours. */
import { type FaultClass, PathkeeperError } from "@pathkeeper/model";
import type { FastifyReply } from "fastify";

/** Clients compare it to the letter. */
export const contentType = "application/json;charset=UTF-8";

/** Statuses as Proxmox VE answers them: what `die`s there is 500 here, whoever's fault it is. */
const statusOf: Readonly<Record<FaultClass, number>> = {
	input: 400,
	conflict: 500,
	absent: 500,
	unavailable: 500,
	bug: 500,
};

/** Answers of a simulated fleet say so beside their data, where Proxmox VE's clients do not look. */
export function sendData(reply: FastifyReply, data: unknown, simulated: boolean): FastifyReply {
	const mark = simulated ? { simulated: 1 } : {};
	return reply
		.code(200)
		.header("content-type", contentType)
		.send(JSON.stringify({ data: data ?? null, ...mark }));
}

/** The message of the error is the reason phrase, too: several clients read nothing else. */
export function sendError(reply: FastifyReply, error: PathkeeperError): FastifyReply {
	return sendFailure(reply, statusOf[error.fault], error.message, error.fields);
}

/** Unknown paths and methods: Proxmox VE says 501, not 404. */
export function sendNotImplemented(reply: FastifyReply, method: string, path: string): FastifyReply {
	return sendFailure(reply, 501, `Method '${method} ${path}' not implemented`, {});
}

function sendFailure(
	reply: FastifyReply,
	status: number,
	message: string,
	fields: Readonly<Record<string, string>>,
): FastifyReply {
	reply.raw.statusMessage = reasonPhrase(message);
	const errors = Object.keys(fields).length > 0 ? { errors: fields } : {};
	return reply
		.code(status)
		.header("content-type", contentType)
		.send(JSON.stringify({ data: null, message: `${message}\n`, ...errors }));
}

/** First line, and of it what HTTP allows in a reason phrase (RFC 9112, section 4). */
function reasonPhrase(message: string): string {
	const [line = ""] = message.split("\n");
	return line.replace(/[^\t\x20-\x7e]/g, "?").slice(0, 500);
}

/** Anything thrown, as an error that may be shown: what is not in the table is a fault of ours. */
export function asPathkeeperError(error: unknown): PathkeeperError {
	if (error instanceof PathkeeperError) return error;
	return new PathkeeperError("BUG", { values: { problem: "see the log of the server" }, cause: error });
}
