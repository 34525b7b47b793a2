import { PathkeeperError, type Runtime } from "@pathkeeper/model";
import { type SocketAddress, showAddress } from "./address.ts";
import type { Connect } from "./connect.ts";
import { type FrameFormat, nativeFormat } from "./frame.ts";
import { type Link, openLink } from "./link.ts";
import { ReplyTexts } from "./reply-texts.ts";

export interface ExchangeOptions {
	/** Milliseconds for everything from now on: the turn, the connection, the whole answer. */
	readonly deadlineMs: number;
	readonly signal?: AbortSignal | undefined;
	/** Called when the command leaves; without that call the daemon has not seen it. */
	readonly onSent?: (() => void) | undefined;
}

interface Call {
	readonly command: string;
	readonly deadlineMs: number;
	readonly onSent: (() => void) | undefined;
	readonly stop: AbortController;
	readonly settle: PromiseWithResolvers<string>;
}

/** Enough for every caller of one agent; more means that the daemon is slower than the questions. */
const queueLimit = 64;

/**
 * One connection to multipathd for all callers, one command at a time, first come first served. It connects when
 * somebody asks and again after a loss.
 *
 * A daemon that stops answering (SIGSTOP, a lock held for long) must not gather callers: the queue is bounded,
 * and when one command's deadline passes, everybody who waits behind it gets the same error at once.
 */
export class MultipathdConnection {
	readonly #addresses: readonly SocketAddress[];
	readonly #format: FrameFormat;
	readonly #texts = new ReplyTexts();
	readonly #connect: Connect;
	readonly #runtime: Pick<Runtime, "schedule" | "sleep">;
	readonly #queueLimit: number;
	readonly #queue: Call[] = [];
	#current: Call | null = null;
	#link: Link | null = null;
	#closed = false;

	constructor(options: {
		readonly runtime: Pick<Runtime, "schedule" | "sleep">;
		readonly connect: Connect;
		readonly addresses: readonly SocketAddress[];
		readonly format?: FrameFormat | undefined;
		readonly queueLimit?: number | undefined;
	}) {
		this.#runtime = options.runtime;
		this.#connect = options.connect;
		this.#addresses = options.addresses;
		this.#format = options.format ?? nativeFormat;
		this.#queueLimit = options.queueLimit ?? queueLimit;
	}

	/**
	 * The daemon's answer to one command, unjudged. Throws MULTIPATHD_NOT_RUNNING, _DENIED, _NO_ANSWER, _HUNG_UP,
	 * _CUT, _UNREADABLE, _OVERLOADED, or the reason of the caller's signal.
	 */
	async exchange(command: string, options: ExchangeOptions): Promise<string> {
		options.signal?.throwIfAborted();
		if (this.#closed) throw closedError();
		if (this.#queue.length >= this.#queueLimit) {
			const values = { command, count: this.#queue.length };
			throw new PathkeeperError("MULTIPATHD_OVERLOADED", values);
		}
		const call: Call = {
			command,
			deadlineMs: options.deadlineMs,
			onSent: options.onSent,
			stop: new AbortController(),
			settle: Promise.withResolvers<string>(),
		};
		const cancel = this.#runtime.schedule(options.deadlineMs, () => this.#expire(call));
		const forward = (): void => call.stop.abort(options.signal?.reason);
		options.signal?.addEventListener("abort", forward, { once: true });
		call.stop.signal.addEventListener("abort", () => this.#leave(call), { once: true });
		this.#queue.push(call);
		this.#next();
		try {
			return await call.settle.promise;
		} finally {
			cancel();
			options.signal?.removeEventListener("abort", forward);
		}
	}

	/** Hangs up; whoever waits is rejected with an AbortError. */
	close(): void {
		this.#closed = true;
		for (const call of [this.#current, ...this.#queue]) call?.stop.abort(closedError());
		this.#link?.close();
		this.#link = null;
	}

	#next(): void {
		if (this.#current !== null) return;
		const call = this.#queue.shift();
		if (call === undefined) return;
		this.#current = call;
		void this.#serve(call);
	}

	async #serve(call: Call): Promise<void> {
		const { command, settle } = call;
		const { signal } = call.stop;
		try {
			if (this.#link?.usable !== true) {
				this.#link = await openLink(
					this.#addresses,
					{ format: this.#format, texts: this.#texts, connect: this.#connect, timers: this.#runtime },
					command,
					signal,
				);
			}
			const answer = this.#link.ask(command, signal);
			call.onSent?.();
			settle.resolve(await answer);
		} catch (error) {
			this.#link?.close();
			this.#link = null;
			settle.reject(error);
		} finally {
			this.#current = null;
			this.#next();
		}
	}

	/** The caller learns at once that it is over, in its turn or before. */
	#leave(call: Call): void {
		const at = this.#queue.indexOf(call);
		if (at >= 0) this.#queue.splice(at, 1);
		call.settle.reject(call.stop.signal.reason);
	}

	#expire(call: Call): void {
		const error = this.#noAnswer(call);
		const served = call === this.#current;
		const waiting = served ? this.#queue.splice(0) : [];
		call.stop.abort(error);
		for (const other of waiting) other.stop.abort(this.#noAnswer(call, error));
	}

	#noAnswer(call: Call, cause?: Error): PathkeeperError {
		const addresses = this.#link === null ? this.#addresses : [this.#link.address];
		return new PathkeeperError(
			"MULTIPATHD_NO_ANSWER",
			{
				address: addresses.map(showAddress).join(" or "),
				command: call.command,
				seconds: Math.ceil(call.deadlineMs / 100) / 10,
			},
			{ cause },
		);
	}
}

function closedError(): DOMException {
	return new DOMException("the connection to multipathd was closed by its owner", "AbortError");
}
