/**
 * Speaks to a server over HTTPS. Nothing is sent, the token least of all, before the certificate is known to be right:
 * signed by an authority that is trusted, for this name; or, where a fingerprint is named, that very certificate.
 */
import { type IncomingMessage, request } from "node:http";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { PathkeeperError, type Send } from "@pathkeeper/model";
import { bodyHeaders, exchange, patienceMs } from "./connection.ts";

export interface ServerAccess {
	/** Such as `https://n1:8010`. */
	readonly server: string;
	/** `USER@REALM!NAME=SECRET`. */
	readonly token: string | null;
	/** PEM text of authorities that are trusted instead of those that Node trusts. */
	readonly ca: string | null;
	/** SHA-256 of the server's certificate in hex, with colons or without. */
	readonly fingerprint: string | null;
	/** How long an answer is waited for; absent: as long as the call may need. */
	readonly withinMs?: number;
}

const connectWithinMs = 10_000;
const defaultPort = 8010;

/** Throws PARAMETER_INVALID at once; its calls throw SERVER_UNTRUSTED and DAEMON_UNREACHABLE. */
export function overHttps(access: ServerAccess): Send {
	const { hostname, port, origin } = addressOf(access.server);
	const pinned = access.fingerprint === null ? null : pinOf(access.fingerprint);
	const authorization = access.token === null ? {} : { authorization: tokenHeader(access.token) };
	return async (call) => {
		const socket = await trusted({ hostname, port, origin, pinned, ca: access.ca });
		const headers = {
			...bodyHeaders(call),
			...authorization,
			host: `${hostname}:${port}`,
			connection: "close",
		};
		const { method, target: path } = call;
		const timeout = access.withinMs ?? patienceMs(call);
		const sent = (answer: (response: IncomingMessage) => void) =>
			request({ method, path, headers, timeout, createConnection: () => socket }, answer);
		return await exchange(call, timeout, sent, (error) => unreachable(origin, error));
	};
}

function trusted(to: {
	readonly hostname: string;
	readonly port: number;
	readonly origin: string;
	readonly pinned: string | null;
	readonly ca: string | null;
}): Promise<TLSSocket> {
	const { hostname, port, origin, pinned, ca } = to;
	const host = hostname.replace(/^\[|\]$/g, "");
	return new Promise((resolve, reject) => {
		const socket = connect({
			host,
			port,
			...(isIP(host) === 0 ? { servername: host } : {}),
			...(ca === null ? {} : { ca }),
			// What is wrong with it is said below, with its fingerprint.
			rejectUnauthorized: false,
			ALPNProtocols: ["http/1.1"],
			timeout: connectWithinMs,
		});
		const fail = (error: Error) => {
			socket.destroy();
			reject(error instanceof PathkeeperError ? error : unreachable(origin, error));
		};
		socket.once("timeout", () => fail(new Error(`no connection within ${connectWithinMs / 1000} s`)));
		socket.once("error", fail);
		socket.once("secureConnect", () => {
			const problem = distrust(socket, pinned);
			if (problem !== null)
				return fail(new PathkeeperError("SERVER_UNTRUSTED", { address: origin, problem }));
			socket.off("error", fail);
			socket.setTimeout(0);
			resolve(socket);
		});
	});
}

/** Why a certificate is not trusted; null when it is. */
function distrust(socket: TLSSocket, pinned: string | null): string | null {
	const shown = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
	if (pinned !== null)
		return bare(shown) === pinned
			? null
			: `its fingerprint is ${shown}, not the one that was given; the connection may be intercepted`;
	if (socket.authorized) return null;
	// Node gives the code of OpenSSL's verification, typed as an Error.
	return `${String(socket.authorizationError)}. Its fingerprint is ${shown}: compare it with the one that the server logged at its start, then give it with --fingerprint; or give its CA with --ca`;
}

function addressOf(text: string): { hostname: string; port: number; origin: string } {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url?.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.username !== "")
		throw invalid("server", `'${text}' is not like https://HOST:${defaultPort}`);
	// 443 is left out of a URL as the port of its protocol; without any port ours is meant.
	const port = url.port !== "" ? Number(url.port) : /:443\/?$/.test(text) ? 443 : defaultPort;
	return { hostname: url.hostname, port, origin: `https://${url.hostname}:${port}` };
}

function tokenHeader(text: string): string {
	if (!/^[\x21-\x7e]+=[\x21-\x7e]+$/.test(text)) throw invalid("token", "it is not USER@REALM!NAME=SECRET");
	return `PVEAPIToken=${text}`;
}

function pinOf(text: string): string {
	const pin = bare(text);
	if (!/^[0-9A-F]{64}$/.test(pin)) throw invalid("fingerprint", "it is not a SHA-256 in hex");
	return pin;
}

function bare(fingerprint: string): string {
	return fingerprint
		.replace(/^sha256:/i, "")
		.replaceAll(":", "")
		.toUpperCase();
}

function invalid(field: string, problem: string): PathkeeperError {
	return new PathkeeperError("PARAMETER_INVALID", { fields: { [field]: problem } });
}

function unreachable(address: string, error: Error): PathkeeperError {
	return new PathkeeperError("DAEMON_UNREACHABLE", { address, problem: error.message }, { cause: error });
}
