/** Takes accidents for a simulated fleet, over a local socket of its own: the API has nothing that breaks a SAN. */
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { dirname } from "node:path";
import { messageOf, PathkeeperError, type Timers } from "@pathkeeper/model";
import { makeOwnFolder } from "../own-folder.ts";
import type { SimulatedFleet } from "../simulated-fleet.ts";
import { type Accident, happen } from "./accidents.ts";

const longestRequest = 16 * 1024;

/** Listens for accidents until `resources` end. Only its owner may open the socket. */
export async function listenForAccidents(
	fleet: SimulatedFleet,
	path: string,
	timers: Pick<Timers, "sleep">,
	resources: AsyncDisposableStack,
): Promise<void> {
	const ended = new AbortController();
	const server = createServer((request, response) => {
		void (async () => {
			try {
				const text = await happen(fleet, accidentFrom(await bodyOf(request)), timers, ended.signal);
				response.end(JSON.stringify({ simulated: 1, text }));
			} catch (error) {
				const fields = error instanceof PathkeeperError ? Object.entries(error.fields) : [];
				const [message] = fields.map(([words, problem]) => `'${words}' is ${problem}`);
				response.writeHead(400).end(JSON.stringify({ simulated: 1, text: message ?? messageOf(error) }));
			}
		})();
	});
	// The first who needs it; on a machine that was just booted it is not there.
	makeOwnFolder(dirname(path));
	rmSync(path, { force: true });
	const before = process.umask(0o177);
	try {
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(path, resolve);
		});
	} finally {
		process.umask(before);
	}
	resources.defer(() => {
		ended.abort();
		server.closeAllConnections();
		return new Promise<void>((resolve) => server.close(() => resolve()));
	});
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		const part = Buffer.from(chunk);
		bytes += part.length;
		if (bytes > longestRequest) throw new Error("the request is too long");
		chunks.push(part);
	}
	return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function accidentFrom(body: unknown): Accident {
	const given = new Map(Object.entries(body instanceof Object ? body : {}));
	const words = given.get("words");
	const times = given.get("times");
	const everyMs = given.get("everyMs");
	if (!Array.isArray(words) || typeof times !== "number" || typeof everyMs !== "number")
		throw new Error("this is not a known accident");
	return { words: words.map(String), times, everyMs };
}
