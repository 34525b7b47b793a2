import type { Readable } from "node:stream";

/**
 * Collects what a child writes, up to a limit; past it, the rest is dropped and `overflow` called once. A child that
 * could not be started has no stream.
 */
export class OutputBuffer {
	/** Resolves when the stream has ended or was closed. */
	readonly ended: Promise<void>;
	readonly #chunks: Buffer[] = [];
	#bytes = 0;

	constructor(stream: Readable | null, limit: number, overflow: () => void) {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.ended = promise;
		if (stream === null) {
			resolve();
			return;
		}
		stream.on("data", (chunk: Buffer) => {
			if (this.#bytes > limit) return;
			this.#bytes += chunk.length;
			if (this.#bytes > limit) overflow();
			else this.#chunks.push(chunk);
		});
		stream.once("error", () => resolve());
		stream.once("close", () => resolve());
		stream.once("end", () => resolve());
	}

	text(): string {
		return Buffer.concat(this.#chunks).toString("utf8");
	}
}
