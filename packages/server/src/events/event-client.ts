import type { ServerResponse } from "node:http";

export interface EventClientOptions {
	/** Whether the client may still see what it is sent. */
	readonly may: () => Promise<boolean>;
	/** An answer of `may` holds for so long, in milliseconds. */
	readonly mayForMs: number;
	/** Who has more than this waiting does not read, in bytes. */
	readonly mostBehind: number;
	/** Milliseconds that only ever grow. */
	readonly monotonic: () => number;
	/** Told once when it is over, however it ended. */
	readonly onEnd: () => void;
	readonly onFault: (error: unknown, where: string) => void;
}

/**
 * One client of the event stream. Before each event it is asked whether the client may see it, and who does not read
 * is dropped instead of remembered: it comes back with the id of its last event and misses nothing.
 */
export class EventClient {
	readonly #response: ServerResponse;
	readonly #options: EventClientOptions;
	readonly #queue: Buffer[] = [];
	#queued = 0;
	#sending = false;
	#over = false;
	#allowedUntil = Number.NEGATIVE_INFINITY;
	#written = 0;

	constructor(response: ServerResponse, options: EventClientOptions) {
		this.#response = response;
		this.#options = options;
		response.once("close", () => this.#end());
		response.on("error", () => response.destroy());
	}

	get isOver(): boolean {
		return this.#over;
	}

	/** Sends one or more whole events. The bytes may be shared with other clients. */
	send(bytes: Buffer): void {
		if (this.#over) return;
		if (this.#behind() > this.#options.mostBehind) {
			this.#response.destroy();
			return;
		}
		this.#queue.push(bytes);
		this.#queued += bytes.length;
		if (!this.#sending) void this.#sendAll();
	}

	/** Keeps the connection alive, and drops it when nothing was read since the last time. */
	ping(): void {
		const written = this.#response.socket?.bytesWritten ?? 0;
		if (this.#response.writableLength > 0 && written === this.#written) {
			this.#response.destroy();
			return;
		}
		this.#written = written;
		this.send(pingBytes);
	}

	/**
	 * Ends the stream in an orderly way, with a last text; the client will come back. A client that does not read is cut
	 * off: a connection that nobody watches any more must not wait for it.
	 */
	close(last = ""): void {
		if (!this.#over) {
			if (this.#response.writableLength > 0) this.#response.destroy();
			else this.#response.end(last);
		}
		this.#end();
	}

	#behind(): number {
		return this.#queued + this.#response.writableLength;
	}

	async #sendAll(): Promise<void> {
		this.#sending = true;
		try {
			for (let bytes = this.#queue.shift(); bytes !== undefined && !this.#over; bytes = this.#queue.shift()) {
				if (!(await this.#may())) {
					this.close();
					return;
				}
				this.#queued -= bytes.length;
				if (!this.#over) this.#response.write(bytes);
			}
		} catch (error) {
			// Who may see it could not be found out: then nobody sees it.
			this.#options.onFault(error, "events: access");
			this.#response.destroy();
		} finally {
			this.#sending = false;
		}
	}

	async #may(): Promise<boolean> {
		const { may, mayForMs, monotonic } = this.#options;
		const now = monotonic();
		if (now < this.#allowedUntil) return true;
		const allowed = await may();
		if (allowed) this.#allowedUntil = now + mayForMs;
		return allowed;
	}

	#end(): void {
		if (this.#over) return;
		this.#over = true;
		this.#queue.length = 0;
		this.#queued = 0;
		this.#options.onEnd();
	}
}

const pingBytes = Buffer.from(": ping\n\n");
