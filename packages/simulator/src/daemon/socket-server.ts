import { rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import type { DaemonFaults } from "./faults.ts";

/**
 * The daemon's end of the control socket (multipath-tools multipathd/uxlsnr.c): frames of a native `size_t` and a
 * text with its NUL, one command after another on a connection. A length of 0 or above 512, or less than a whole
 * length in the first piece, ends the connection without an answer.
 */
export interface SocketServerOptions {
	readonly clock: Clock;
	/** Milliseconds to wait for the rest of a request (`uxsock_timeout`). */
	readonly requestMs: () => number;
	readonly faults: () => DaemonFaults;
	/** Waits while the process is stopped; false when it ended meanwhile. */
	readonly awake: () => Promise<boolean>;
	/** The answer to one command, now or later. */
	readonly answer: (command: string) => string | Promise<string>;
	/** The answer to a request that did not come whole in time. */
	readonly tooLate: () => string;
}

const maxCommandBytes = 512;
const headerBytes = 8;

export class SocketServer {
	readonly #options: SocketServerOptions;
	readonly #servers: Server[] = [];
	readonly #clients = new Set<Socket>();

	constructor(options: SocketServerOptions) {
		this.#options = options;
	}

	/** Listens on every address: a path, or an abstract name that begins with NUL. */
	async listen(addresses: readonly string[]): Promise<void> {
		for (const address of addresses) {
			// As multipathd does at its start: a killed one left its socket behind.
			if (!address.startsWith("\0")) await rm(address, { force: true });
			const server = createServer((client) => {
				this.#serve(client);
			});
			const { promise, resolve, reject } = Promise.withResolvers<void>();
			server.once("error", reject);
			server.listen(address, resolve);
			await promise;
			server.off("error", reject);
			server.unref();
			this.#servers.push(server);
		}
	}

	/** Closes the listening sockets and every connection, as the end of the process does. */
	async close(): Promise<void> {
		for (const client of this.#clients) client.destroy();
		this.#clients.clear();
		await Promise.all(
			this.#servers.splice(0).map((server) => {
				const { promise, resolve } = Promise.withResolvers<void>();
				server.close(() => resolve());
				return promise;
			}),
		);
	}

	#serve(client: Socket): void {
		if (this.#options.faults().hangUp) {
			client.destroy();
			return;
		}
		this.#clients.add(client);
		client.unref();
		client.on("error", () => client.destroy());
		client.on("close", () => this.#clients.delete(client));
		void this.#converse(client);
	}

	/** One request after another; the next is not read before the answer is out. */
	async #converse(client: Socket): Promise<void> {
		let pending = Buffer.alloc(0);
		let giveUp: (() => void) | null = null;
		let late = false;
		try {
			for await (const piece of client) {
				if (!(piece instanceof Buffer) || late) continue;
				pending = Buffer.concat([pending, piece]);
				while (pending.length > 0) {
					if (pending.length < headerBytes) return;
					const length = Number(pending.readBigUInt64LE());
					if (length < 1 || length > maxCommandBytes) return;
					if (pending.length < headerBytes + length) {
						giveUp ??= this.#options.clock.schedule(this.#options.requestMs(), () => {
							late = true;
							void this.#write(client, this.#options.tooLate()).then(() => client.destroy());
						});
						break;
					}
					giveUp?.();
					giveUp = null;
					const body = pending.subarray(headerBytes, headerBytes + length);
					pending = pending.subarray(headerBytes + length);
					await this.#reply(client, commandIn(body));
				}
			}
		} catch {
			// the client went away
		} finally {
			giveUp?.();
			client.destroy();
		}
	}

	/** What a stopped daemon finds in its socket is carried out when it goes on, even if nobody waits any more. */
	async #reply(client: Socket, command: string): Promise<void> {
		if (!(await this.#options.awake())) return;
		const text = await this.#options.answer(command);
		const { slowMs } = this.#options.faults();
		if (slowMs > 0) await this.#pause(slowMs);
		if (!client.destroyed) await this.#write(client, text);
	}

	async #write(client: Socket, text: string): Promise<void> {
		const frame = frameOf(text);
		const { cutAfterBytes } = this.#options.faults();
		const { promise, resolve } = Promise.withResolvers<void>();
		if (cutAfterBytes !== null && cutAfterBytes < frame.length) {
			client.end(frame.subarray(0, cutAfterBytes), () => resolve());
			await promise;
			client.destroy();
			return;
		}
		client.once("close", resolve);
		client.write(frame, () => resolve());
		await promise;
		client.off("close", resolve);
	}

	#pause(ms: number): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#options.clock.schedule(ms, resolve);
		return promise;
	}
}

/** Text up to the first NUL: that is where C ends it. */
function commandIn(body: Buffer): string {
	const end = body.indexOf(0);
	return body.toString("utf8", 0, end < 0 ? body.length : end);
}

/** The last answer is kept as bytes: a listing that did not change is not encoded again. */
let kept: { readonly text: string; readonly frame: Buffer } = { text: "", frame: Buffer.alloc(0) };

function frameOf(text: string): Buffer {
	if (kept.text === text && text !== "") return kept.frame;
	const length = Buffer.byteLength(text) + 1;
	const frame = Buffer.alloc(headerBytes + length);
	frame.writeBigUInt64LE(BigInt(length));
	frame.write(text, headerBytes);
	if (text.length > 65_536) kept = { text, frame };
	return frame;
}
