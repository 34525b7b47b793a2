/** Proxmox VE's wire form of answers, so that its clients understand ours. */
import { type ErrorCode, type ErrorValues, messageOf, PathkeeperError } from "@pathkeeper/model";
import type { FastifyReply } from "fastify";
import type { Caller } from "./caller.ts";
import { statusOfError } from "./error-status.ts";

/** Clients compare it to the letter. */
export const contentType = "application/json;charset=UTF-8";

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
	const { code, message, fields, values, retryAfterS } = error;
	if (retryAfterS !== null) reply.header("retry-after", Math.max(1, Math.ceil(retryAfterS)));
	return sendFailure(reply, statusOfError(error), message, { fields, code, values });
}

/** Unknown paths and methods: Proxmox VE says 501, not 404. */
export function sendNotImplemented(reply: FastifyReply, method: string, path: string): FastifyReply {
	return sendFailure(reply, 501, `Method '${method} ${path}' not implemented`, {});
}

/** A body that is longer than the server takes. */
export function sendTooLarge(reply: FastifyReply, limitBytes: number): FastifyReply {
	const kibibytes = limitBytes / 1024;
	const limit = kibibytes < 1024 ? `${kibibytes} KiB` : `${kibibytes / 1024} MiB`;
	const text = `the body is longer than ${limit}`;
	return sendFailure(reply, 413, "Parameter verification failed.", {
		code: "PARAMETER_INVALID",
		fields: { body: text },
	});
}

interface FailureData {
	/** Of the error table; absent for what HTTP alone refuses. */
	readonly code?: ErrorCode;
	readonly values?: ErrorValues;
	readonly fields?: Readonly<Record<string, string>>;
}

/** Code and values stand beside the message, where Proxmox VE's clients do not look. */
function sendFailure(
	reply: FastifyReply,
	status: number,
	message: string,
	{ code, values = {}, fields = {} }: FailureData,
): FastifyReply {
	reply.raw.statusMessage = reasonPhrase(message);
	const document = {
		data: null,
		message: `${message}\n`,
		...(Object.keys(fields).length > 0 ? { errors: fields } : {}),
		...(code === undefined ? {} : { code }),
		...(Object.keys(values).length > 0 ? { values } : {}),
	};
	return reply.code(status).header("content-type", contentType).send(JSON.stringify(document));
}

/** First line, and of it what HTTP allows in a reason phrase (RFC 9112, section 4). */
function reasonPhrase(message: string): string {
	const [line = ""] = message.split("\n");
	return line.replace(/[^\t\x20-\x7e]/g, "?").slice(0, 500);
}

/** Anything thrown by a handler, as what may be shown: of a fault of ours only that it is one, the rest is logged. */
export function shownError(error: unknown): PathkeeperError {
	if (error instanceof PathkeeperError && error.fault !== "bug") return error;
	return new PathkeeperError("BUG", { problem: "see the log of the server" }, { cause: error });
}

/** Errors that say how the fleet's store is reached, or what stands in it. */
const aboutStore: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	"STORE_UNAVAILABLE",
	"STORE_DENIED",
	"STORE_LEASE_LOST",
	"STORE_IN_USE",
	"STORE_DAMAGED",
	"STORE_TOO_NEW",
	"STORE_COMPACTED",
	"DOCUMENT_UNREADABLE",
]);

/** As `shownError`; who may not look at the fleet does not learn where its store is. `caller` null: nobody known. */
export function shownTo(caller: Pick<Caller, "rights"> | null, error: unknown): PathkeeperError {
	const shown = shownError(error);
	if (!aboutStore.has(shown.code) || caller?.rights("/").has("Sys.Audit")) return shown;
	return new PathkeeperError("STORE_FAILED", { cause: error });
}

/** What Fastify throws before a handler is reached: mostly that it cannot read the body, or the address. */
export function requestError(error: unknown, part: "body" | "address"): PathkeeperError {
	const status =
		error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
			? error.statusCode
			: 500;
	if (status >= 500) return shownTo(null, error);
	return new PathkeeperError("PARAMETER_INVALID", { fields: { [part]: messageOf(error) }, cause: error });
}
