import { backoffMs, messageOf, PathkeeperError, type Timers } from "@pathkeeper/model";
import { type SocketAddress, showAddress } from "./address.ts";
import type { Connect, Refusal, Wire, WireEvents } from "./connect.ts";
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

/** What a new link is opened with. */
export interface Opening extends LinkOptions {
	readonly connect: Connect;
	readonly timers: Pick<Timers, "sleep">;
}

/**
 * One connected socket to multipathd that carries one question at a time. It is good until the first thing that
 * goes wrong: a deadline, a cut or unreadable answer, a byte that nobody asked for. Then it is closed, because what
 * comes next on it could be the answer to another question.
 */
export class Link {
	readonly address: SocketAddress;
	readonly #format: FrameFormat;
	readonly #decoder: FrameDecoder;
	readonly #texts: ReplyTexts;
	#wire: Wire | null = null;
	#question: Question | null = null;
	#cause: Error | undefined;
	#usable = true;

	constructor(address: SocketAddress, { format, texts }: LinkOptions) {
		this.address = address;
		this.#format = format;
		this.#texts = texts;
		this.#decoder = new FrameDecoder({ format });
	}

	/** Where its connection hands over what arrives. */
	get events(): WireEvents {
		return { data: (chunk) => this.#take(chunk), end: (cause) => this.#end(cause) };
	}

	/** Puts it on its connection. */
	connected(wire: Wire): void {
		this.#wire = wire;
		wire.keepsRunning(false);
		if (!this.#usable) wire.close();
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
		this.#wire?.keepsRunning(true);
		this.#wire?.write(encodeFrame(command, this.#format));
		try {
			return await promise;
		} finally {
			signal.removeEventListener("abort", stop);
			this.#wire?.keepsRunning(false);
		}
	}

	close(): void {
		this.#usable = false;
		this.#wire?.close();
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

	#end(cause: Error | undefined): void {
		this.#usable = false;
		this.#cause = cause;
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
const rounds = 5;
const pauses = { firstMs: 10, longestMs: 250 };

/**
 * Connects to the first address that answers. A full backlog (EAGAIN; the daemon listens with 10) is tried until
 * the signal aborts, an absent listener only for about 150 ms. Throws MULTIPATHD_NOT_RUNNING, MULTIPATHD_DENIED or
 * the signal's reason.
 */
export async function openLink(
	addresses: readonly SocketAddress[],
	options: Opening,
	command: string,
	signal: AbortSignal,
): Promise<Link> {
	for (let round = 1; ; round++) {
		const refusals: Refusal[] = [];
		for (const address of addresses) {
			const link = new Link(address, options);
			const outcome = await options.connect(address, link.events, signal);
			if ("wire" in outcome) {
				link.connected(outcome.wire);
				return link;
			}
			signal.throwIfAborted();
			refusals.push(outcome);
		}
		const full = refusals.some(({ code }) => code === "EAGAIN");
		if (!full && round >= rounds) throw nobodyListens(refusals, command);
		await options.timers.sleep(backoffMs(pauses, round), signal);
	}
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
