import { Agent, get } from "node:http";

/** How a server answers when it is asked without a pause. */
export interface Answers {
	readonly perSecond: number;
	/** Of the body. */
	readonly bytes: number;
}

/** Asks for one address over and over for `forMs`, on as many connections as given. */
export async function askAgain(
	port: number,
	path: string,
	{ forMs, connections }: { readonly forMs: number; readonly connections: number },
): Promise<Answers> {
	const agent = new Agent({ keepAlive: true, maxSockets: connections });
	const began = performance.now();
	let count = 0;
	let bytes = 0;
	const askInTurn = async () => {
		while (performance.now() - began < forMs) {
			bytes = await ask(agent, port, path);
			count += 1;
		}
	};
	await Promise.all(Array.from({ length: connections }, askInTurn));
	const perSecond = (count / (performance.now() - began)) * 1000;
	agent.destroy();
	return { perSecond, bytes };
}

async function ask(agent: Agent, port: number, path: string): Promise<number> {
	const { promise, resolve, reject } = Promise.withResolvers<number>();
	const request = get({ agent, port, host: "127.0.0.1", path }, (response) => {
		let bytes = 0;
		response.on("data", (piece: Buffer) => {
			bytes += piece.length;
		});
		response.on("end", () => resolve(bytes));
		response.on("error", reject);
	});
	request.on("error", reject);
	return await promise;
}
