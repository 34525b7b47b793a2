import { type Client, createClient, PathkeeperError, type Send } from "@pathkeeper/model";
import { overSocket } from "./connection.ts";
import { overHttps } from "./https-connection.ts";
import type { Io } from "./io.ts";
import { type Format, Output } from "./output/output.ts";

/** What a command needs: the API, and where its result goes. */
export interface Session {
	readonly client: Client;
	readonly output: Output;
	readonly io: Io;
}

export interface SessionOptions {
	readonly output: Format;
	readonly wide?: true;
	readonly socket?: string;
	readonly server?: string;
	readonly token?: string;
	readonly ca?: string;
	readonly fingerprint?: string;
}

/** Where a daemon of this host may listen: one that is an agent as well, and one that is a server only. */
export const defaultSockets = ["/run/pathkeeper/api.sock", "/run/pathkeeper-server/api.sock"] as const;

/** `withinMs`: how long an answer is waited for; absent: as long as the call may need. */
export function openSession(io: Io, options: SessionOptions, withinMs?: number): Session {
	const output = new Output(io, options.output, options.wide === true);
	const client = createClient(connect(io, options, withinMs), { onSimulated: () => output.noteSimulated() });
	return { client, output, io };
}

/** To the server that is named, else to the daemon of this host. A flag wins over the environment. */
function connect(io: Io, options: SessionOptions, withinMs: number | undefined): Send {
	const said = (flag: string | undefined, name: string) => flag ?? (io.env[name] || null);
	if (options.socket !== undefined && options.server !== undefined)
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { server: "--socket is given as well" } });
	const server = options.socket === undefined ? said(options.server, "PATHKEEPER_SERVER") : null;
	if (server === null)
		return overSocket(named(options.socket ?? io.env["PATHKEEPER_SOCKET"]) ?? defaultSockets, withinMs);
	const ca = said(options.ca, "PATHKEEPER_CA");
	return overHttps({
		server,
		token: said(options.token, "PATHKEEPER_TOKEN"),
		ca: ca === null ? null : io.readFile(ca),
		fingerprint: said(options.fingerprint, "PATHKEEPER_FINGERPRINT"),
		...(withinMs === undefined ? {} : { withinMs }),
	});
}

function named(socket: string | undefined): readonly [string] | null {
	return socket === undefined || socket === "" ? null : [socket];
}
