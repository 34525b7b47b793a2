import {
	type ClientHttp2Session,
	type ClientHttp2Stream,
	type ClientSessionOptions,
	connect,
	constants,
	type OutgoingHttpHeaders,
	type SecureClientSessionOptions,
} from "node:http2";
import { messageOf, type Runtime } from "@pathkeeper/model";
import { NotConnected } from "./etcd-errors.ts";

/** How long a connection may be silent, in milliseconds. */
export interface Patience {
	/** For a connection to come about, with the other side's first word. */
	readonly connectMs: number;
	/** Silence after which the other side is asked for a sign of life, when one is due. */
	readonly pingMs: number;
	/** For that sign of life. */
	readonly pongMs: number;
}

// Values are up to 1 MiB; a window of 64 KiB, HTTP/2's default, would make each wait for several round trips.
const windowBytes = 1024 * 1024;
// In MB. Node refuses streams beyond 10 MB of buffers, which a burst of large values passes.
const sessionMemory = 256;

/**
 * One HTTP/2 connection, in the form that connect-node takes for its own. That has a manager of connections, but one
 * whose keep-alive throws out of a timer when a session ends at the wrong moment, and so ends the process.
 */
export class Http2Connection {
	readonly authority: string;
	readonly #session: ClientHttp2Session;
	readonly #patience: Patience;
	#streams = 0;
	readonly #runtime: Runtime;
	#heardAt: number;
	#listening: (() => void) | null = null;
	#pinging: Promise<boolean> | null = null;
	#problem: Error | null = null;

	private constructor(authority: string, session: ClientHttp2Session, patience: Patience, runtime: Runtime) {
		this.authority = authority;
		this.#runtime = runtime;
		this.#heardAt = runtime.monotonic();
		this.#session = session;
		this.#patience = patience;
		// There for as long as the session is: without a listener, an error late in its life ends the process.
		session.on("error", (error) => {
			this.#problem = error;
		});
		session.unref();
	}

	/** Throws NotConnected. */
	static async open(
		url: string,
		tls: SecureClientSessionOptions,
		patience: Patience,
		stop: AbortSignal,
		runtime: Runtime,
	): Promise<Http2Connection> {
		const options: ClientSessionOptions & SecureClientSessionOptions = {
			settings: { initialWindowSize: windowBytes },
			maxSessionMemory: sessionMemory,
			...tls,
		};
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const session = connect(url, options);
		const fail = (problem: string, cause?: unknown) =>
			reject(new NotConnected(`${url}: ${problem}`, { cause }));
		const giveUp = () => fail("it is closed");
		// An answer that came while we ourselves had no turn is taken before this.
		const late = () => void runtime.turn().then(() => fail(`no answer within ${patience.connectMs} ms`));
		const cancel = runtime.schedule(patience.connectMs, late);
		// A program that hangs still has its connections taken by the kernel; it is there when it says its settings.
		session.once("remoteSettings", () => resolve());
		session.on("error", (error) => fail(messageOf(error), error));
		session.once("close", () => fail("it was closed at once"));
		// When a server refuses the client's certificate, a session of Node ends without a word of its own.
		session.once("connect", (_, socket) => socket.on("error", (error) => fail(messageOf(error), error)));
		stop.addEventListener("abort", giveUp);
		try {
			if (stop.aborted) giveUp();
			await promise;
			return new Http2Connection(new URL(url).origin, session, patience, runtime);
		} catch (error) {
			session.destroy();
			throw error;
		} finally {
			cancel();
			stop.removeEventListener("abort", giveUp);
		}
	}

	/** False: no more requests can be made over it. */
	get isOpen(): boolean {
		return !this.#session.closed && !this.#session.destroyed;
	}

	/** Whether the other side is there, which is asked after a silence only. When it is not, the connection ends. */
	async isAlive(): Promise<boolean> {
		return (await this.#isHeard()) && this.isOpen;
	}

	/** For connect-node. */
	async request(method: string, path: string, headers: OutgoingHttpHeaders): Promise<ClientHttp2Stream> {
		if (!this.isOpen) throw new NotConnected(`${this.authority}: ${messageOf(this.#problem ?? "it ended")}`);
		const stream = this.#session.request({
			...headers,
			[constants.HTTP2_HEADER_METHOD]: method,
			[constants.HTTP2_HEADER_PATH]: path,
		});
		this.#streams++;
		if (this.#streams === 1) {
			this.#session.ref();
			this.#heardAt = this.#runtime.monotonic();
			this.#listen();
		}
		stream.once("response", () => this.notifyResponseByteRead());
		stream.once("close", () => {
			this.#streams--;
			if (this.#streams === 0 && !this.#session.destroyed) this.#session.unref();
		});
		return stream;
	}

	/** For connect-node. */
	notifyResponseByteRead(): void {
		this.#heardAt = this.#runtime.monotonic();
	}

	/** Ends it, and what goes on over it. */
	close(): void {
		this.#session.destroy(undefined, constants.NGHTTP2_CANCEL);
	}

	/** Asks for a sign of life after each silence, as long as somebody waits for an answer. */
	#listen(): void {
		if (this.#listening !== null) return;
		const leftMs = this.#patience.pingMs - (this.#runtime.monotonic() - this.#heardAt);
		this.#listening = this.#runtime.schedule(Math.max(1, leftMs), () => void this.#look());
	}

	async #look(): Promise<void> {
		this.#listening = null;
		if (this.#streams > 0 && (await this.#isHeard()) && this.#streams > 0) this.#listen();
	}

	async #isHeard(): Promise<boolean> {
		if (this.#session.destroyed) return false;
		if (this.#runtime.monotonic() - this.#heardAt < this.#patience.pingMs) return true;
		this.#pinging ??= this.#ping().finally(() => {
			this.#pinging = null;
		});
		return await this.#pinging;
	}

	/** Ends the connection and gives false when there is no answer in time. */
	async #ping(): Promise<boolean> {
		const { promise, resolve } = Promise.withResolvers<boolean>();
		// An answer that came while we ourselves had no turn is taken before this.
		const late = () => void this.#runtime.turn().then(() => resolve(false));
		const cancel = this.#runtime.schedule(this.#patience.pongMs, late);
		try {
			this.#session.ping((error) => resolve(error === null));
		} catch {
			resolve(false); // It ended just now.
		}
		const answered = await promise;
		cancel();
		if (answered) this.#heardAt = this.#runtime.monotonic();
		else if (!this.#session.destroyed)
			this.#session.destroy(new Error(`no sign of life within ${this.#patience.pongMs} ms`));
		return answered;
	}
}
