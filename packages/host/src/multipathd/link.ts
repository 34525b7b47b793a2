import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { type SocketAddress, showAddress } from "./address.ts";
import { encodeFrame, FrameDecoder, FrameError, type FrameFormat } from "./frame.ts";
import type { ReplyTexts } from "./reply-texts.ts";

interface Question {
	readonly command: string;
	readonly resolve: (text: string) => void;
	readonly reject: (error: unknown) => void;
}

export interface LinkOptions {
	readonly format: FrameFormat;
	readonly texts: ReplyTexts;
}

/** A socket that is connected, and where its bytes go. Each chunk is valid only until `take` returns. */
interface Connected {
	readonly socket: Socket;
	readonly feed: { take: (chunk: Buffer) => void };
}

/**
 * One connected socket to multipathd that carries one question at a time. It is good until the first thing that
 * goes wrong: a deadline, a cut or unreadable answer, a byte that nobody asked for. Then it is closed, because what
 * comes next on it could be the answer to another question.
 */
export class Link {
	readonly address: SocketAddress;
	readonly #socket: Socket;
	readonly #format: FrameFormat;
	readonly #decoder: FrameDecoder;
	readonly #texts: ReplyTexts;
	#question: Question | null = null;
	#cause: Error | undefined;
	#usable = true;

	constructor({ socket, feed }: Connected, address: SocketAddress, { format, texts }: LinkOptions) {
		this.address = address;
		this.#socket = socket;
		this.#format = format;
		this.#texts = texts;
		this.#decoder = new FrameDecoder({ format });
		feed.take = (chunk) => this.#take(chunk);
		socket.on("error", (error) => {
			this.#cause = error;
		});
		socket.on("close", () => this.#end());
		socket.unref();
	}

	get usable(): boolean {
		return this.#usable;
	}

	/** The answer's text without its NUL. An abort closes the line and rejects with the signal's reason. */
	async ask(command: string, signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		if (!this.#usable) throw hungUp(command, this.#cause);
		if (this.#question !== null) {
			throw new PathkeeperError("BUG", { problem: "two commands on one link" });
		}
		const { promise, resolve, reject } = Promise.withResolvers<string>();
		this.#question = { command, resolve, reject };
		const stop = (): void => this.#fail(signal.reason);
		signal.addEventListener("abort", stop, { once: true });
		const last = this.#texts.lastBody(command);
		if (last !== null) this.#decoder.expect(last);
		this.#socket.ref();
		this.#socket.write(encodeFrame(command, this.#format));
		try {
			return await promise;
		} finally {
			signal.removeEventListener("abort", stop);
			this.#socket.unref();
		}
	}

	close(): void {
		this.#usable = false;
		this.#socket.destroy();
	}

	#take(chunk: Buffer): void {
		const question = this.#question;
		if (question === null) {
			this.close();
			return;
		}
		try {
			const [body, ...more] = this.#decoder.push(chunk);
			if (body === undefined) return;
			if (more.length > 0 || !this.#decoder.atBorder) throw new FrameError("it goes on after its end");
			this.#question = null;
			question.resolve(this.#texts.read(question.command, body));
		} catch (error) {
			const values = { command: question.command, problem: messageOf(error) };
			this.#fail(new PathkeeperError("MULTIPATHD_UNREADABLE", values, { cause: error }));
		}
	}

	#end(): void {
		this.#usable = false;
		const command = this.#question?.command;
		if (command === undefined) return;
		if (this.#decoder.atBorder) {
			this.#fail(hungUp(command, this.#cause));
			return;
		}
		const { got, expected } = this.#decoder.progress;
		const values = { command, got, expected: expected ?? "an unknown number of" };
		this.#fail(new PathkeeperError("MULTIPATHD_CUT", values, { cause: this.#cause }));
	}

	#fail(error: unknown): void {
		const question = this.#question;
		this.#question = null;
		this.close();
		question?.reject(error);
	}
}

/** Rounds over all addresses before "nobody listens" is believed: the daemon may be just starting. */
const ROUNDS = 5;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/**
 * Connects to the first address that answers. A full backlog (EAGAIN; the daemon listens with 10) is tried until
 * the signal aborts, an absent listener only for about 150 ms. Throws MULTIPATHD_NOT_RUNNING, MULTIPATHD_DENIED or
 * the signal's reason.
 */
export async function openLink(
	addresses: readonly SocketAddress[],
	options: LinkOptions,
	command: string,
	signal: AbortSignal,
): Promise<Link> {
	for (let round = 1; ; round++) {
		const refusals: Refusal[] = [];
		for (const address of addresses) {
			const outcome = await tryConnect(address, signal);
			if ("socket" in outcome) return new Link(outcome, address, options);
			signal.throwIfAborted();
			refusals.push(outcome);
		}
		const full = refusals.some(({ code }) => code === "EAGAIN");
		if (!full && round >= ROUNDS) throw nobodyListens(refusals, command);
		const pause = Math.min(FIRST_PAUSE_MS * 2 ** (round - 1), LONGEST_PAUSE_MS);
		await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
	}
}

interface Refusal {
	readonly address: SocketAddress;
	readonly code: string;
	readonly error: Error;
}

/** One piece of memory a connection: a buffer for each chunk would be as much garbage as there are replies. */
const CHUNK_BYTES = 64 * 1024;

function tryConnect(address: SocketAddress, signal: AbortSignal): Promise<Connected | Refusal> {
	const { promise, resolve } = Promise.withResolvers<Connected | Refusal>();
	const feed: Connected["feed"] = { take: () => undefined };
	const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
	const callback = (length: number): boolean => {
		feed.take(buffer.subarray(0, length));
		return true;
	};
	const socket = connect({ path: address, onread: { buffer, callback } });
	const stop = (): void => void socket.destroy(new Error("stopped"));
	const done = (outcome: Connected | Refusal): void => {
		signal.removeEventListener("abort", stop);
		resolve(outcome);
	};
	socket.once("connect", () => done({ socket, feed }));
	socket.once("error", (error: NodeJS.ErrnoException) => {
		done({ address, code: error.code ?? "unknown", error });
	});
	signal.addEventListener("abort", stop, { once: true });
	return promise;
}

function nobodyListens(refusals: readonly Refusal[], command: string): PathkeeperError {
	const cause = refusals[0]?.error;
	if (refusals.some(({ code }) => code === "EACCES" || code === "EPERM")) {
		return new PathkeeperError("MULTIPATHD_DENIED", { command }, { cause });
	}
	const tried = refusals.map(({ address, code }) => `${showAddress(address)}: ${code}`).join(", ");
	return new PathkeeperError(
		"MULTIPATHD_NOT_RUNNING",
		{ problem: `nothing listens on its socket, ${tried}` },
		{ cause },
	);
}

function hungUp(command: string, cause: Error | undefined): PathkeeperError {
	return new PathkeeperError("MULTIPATHD_HUNG_UP", { command }, { cause });
}
