import { type Client, createClient } from "@pathkeeper/model";
import { overSocket } from "./connection.ts";
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
}

export const defaultSocket = "/run/pathkeeper/api.sock";

export function openSession(io: Io, options: SessionOptions): Session {
	const output = new Output(io, options.output, options.wide === true);
	const socket = options.socket ?? io.env["PATHKEEPER_SOCKET"] ?? defaultSocket;
	const client = createClient(overSocket(socket), { onSimulated: () => output.noteSimulated() });
	return { client, output, io };
}
