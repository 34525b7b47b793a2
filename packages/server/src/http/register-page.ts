/**
 * Serves the web page from the server's own origin. Every address that is no file and not of the API is the page's
 * document, which finds its way by itself; nothing here tells anything of the fleet, so nobody is asked who they are.
 */
import type { Randomness } from "@pathkeeper/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Page, PageFile } from "./page-files.ts";
import { sendNotImplemented } from "./reply.ts";

/** Adds the page to a door; without one, its address says how to get it. */
export function registerPage(
	app: FastifyInstance,
	page: Page | null,
	random: Pick<Randomness, "bytes">,
): void {
	app.route({
		method: "GET",
		url: "/*",
		handler: async (request, reply): Promise<FastifyReply> => {
			const path = (request.url.split("?")[0] ?? "/").slice(1);
			if (/^(?:api2|metrics)(?:\/|$)/.test(path))
				return sendNotImplemented(reply, request.method, `/${path}`.replace(/^\/api2\/json/, ""));
			const file = page?.files.get(path);
			if (file !== undefined) return sendFile(request, reply, file);
			if (/^assets\/|\.[a-z0-9]{1,5}$/.test(path)) return sendText(reply, 404, "there is no such file\n");
			return page === null ? sendText(reply, 404, notBuilt) : sendDocument(reply, page.document, random);
		},
	});
}

const notBuilt =
	"The web page was not built with this server: run ./dev build. The API is at /api2/json, the command line is pathkeeper.\n";

function sendDocument(
	reply: FastifyReply,
	document: string,
	random: Pick<Randomness, "bytes">,
): FastifyReply {
	// Styles that the component kit and the editor make while they run carry this word; scripts are files only.
	const nonce = Buffer.from(random.bytes(18)).toString("base64url");
	return guarded(reply, nonce)
		.code(200)
		.header("content-type", "text/html; charset=utf-8")
		.header("cache-control", "no-store")
		.send(document.replaceAll("%NONCE%", nonce));
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
	guarded(reply, null)
		.header("etag", file.etag)
		.header("vary", "accept-encoding")
		.header("cache-control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
	const packed = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? "")) ? file.gzip : null;
	if (packed !== null) reply.header("content-encoding", "gzip");
	return reply
		.code(200)
		.header("content-type", file.type)
		.send(packed ?? file.bytes);
}

function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
	return guarded(reply, null).code(status).header("content-type", "text/plain; charset=utf-8").send(text);
}

/** What a browser must not do with the page, whatever gets into it. */
function guarded(reply: FastifyReply, nonce: string | null): FastifyReply {
	const policy = [
		"default-src 'none'",
		"script-src 'self'",
		`style-src 'self'${nonce === null ? "" : ` 'nonce-${nonce}'`}`,
		"img-src 'self' data:",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	];
	return reply
		.header("content-security-policy", policy.join("; "))
		.header("x-content-type-options", "nosniff")
		.header("x-frame-options", "DENY")
		.header("referrer-policy", "no-referrer")
		.header("cross-origin-opener-policy", "same-origin")
		.header("cross-origin-resource-policy", "same-origin")
		.header("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
}
