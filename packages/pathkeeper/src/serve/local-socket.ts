import { chmodSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import type { FastifyInstance } from "fastify";
import { makeOwnFolder } from "../own-folder.ts";

/**
 * Lets the app listen on the local socket, which only its owner may open: whoever can is taken for root. A socket
 * that a killed daemon left behind is replaced; one that answers is another daemon's, and ALREADY_EXISTS is thrown.
 */
export async function listenLocally(app: FastifyInstance, path: string): Promise<void> {
	makeOwnFolder(dirname(path));
	if (await answers(path)) throw new PathkeeperError("ALREADY_EXISTS", { what: `a daemon on ${path}` });
	try {
		unlinkSync(path);
	} catch {
		// Nothing was left behind.
	}
	const before = process.umask(0o177);
	try {
		await app.listen({ path });
		chmodSync(path, 0o600);
	} finally {
		process.umask(before);
	}
}

/** Whether somebody listens on a local socket. */
export function answers(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}
