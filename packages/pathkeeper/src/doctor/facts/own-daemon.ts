import { statSync } from "node:fs";
import { request } from "node:http";
import { createClient, nodeRoutes, type Send } from "@pathkeeper/model";
import { reasonOf } from "./fact.ts";

/** What the server on this machine says, over its local socket. */
export interface OwnDaemon {
	readonly socket: string;
	/** False: there is no socket, so no server runs. */
	readonly isThere: boolean;
	/** Why it does not answer; null: it does, or is not there. */
	readonly problem: string | null;
	readonly version: string | null;
	/** Nodes and whether their agents give signs of life; null: not told. */
	readonly nodes: ReadonlyMap<string, string> | null;
}

const deadlineMs = 8_000;
const answerBytes = 4 * 1024 * 1024;

export async function gatherOwnDaemon(socket: string): Promise<OwnDaemon> {
	// Throws for a folder that only root may look into.
	if (statSync(socket, { throwIfNoEntry: false }) === undefined)
		return { socket, isThere: false, problem: null, version: null, nodes: null };
	try {
		const client = createClient(over(socket));
		const { version } = await client.call(nodeRoutes.version, {});
		const nodes = await client.call(nodeRoutes.listNodes, {});
		const states = new Map(nodes.map(({ node, status }) => [node, status]));
		return { socket, isThere: true, problem: null, version, nodes: states };
	} catch (error) {
		return { socket, isThere: true, problem: reasonOf(error), version: null, nodes: null };
	}
}

function over(socketPath: string): Send {
	return ({ method, target: path }) =>
		new Promise((resolve, reject) => {
			const sent = request({ socketPath, method, path, timeout: deadlineMs, agent: false }, (response) => {
				const chunks: Buffer[] = [];
				let bytes = 0;
				response.on("data", (chunk: Buffer) => {
					bytes += chunk.length;
					if (bytes > answerBytes) sent.destroy(new Error("the answer is too long"));
					else chunks.push(chunk);
				});
				response.on("error", reject);
				response.on("end", () =>
					resolve({
						status: response.statusCode ?? 0,
						reason: response.statusMessage ?? "",
						body: Buffer.concat(chunks).toString("utf8"),
					}),
				);
			});
			sent.on("timeout", () => sent.destroy(new Error(`no answer within ${deadlineMs / 1000} s`)));
			sent.on("error", reject);
			sent.end();
		});
}
