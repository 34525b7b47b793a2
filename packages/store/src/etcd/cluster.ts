import { pause, type Runtime, Semaphore } from "@pathkeeper/model";
import type { AuthToken } from "./auth-token.ts";
import type { Endpoint, Services } from "./endpoint.ts";
import { failureOf, problemOf, storeError, unavailable } from "./etcd-errors.ts";

export interface ClusterOptions {
	/** At least one. */
	readonly endpoints: readonly Endpoint[];
	/** Which of them to begin with. */
	readonly first: number;
	readonly token: AuthToken;
	/** For one call with all its attempts, in milliseconds. */
	readonly callMs: number;
	readonly runtime: Runtime;
	/** How many writes may be under way at once. */
	readonly writesInFlight: number;
}

/** A member that is connected, and the token to send. */
export interface Link {
	readonly endpoint: Endpoint;
	readonly services: Services;
	readonly token: string | null;
	readonly headers: Readonly<Record<string, string>>;
}

/** What one request is sent with. */
export interface Sending {
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	readonly headers: Readonly<Record<string, string>>;
}

export type Attempt<T> = (services: Services, sending: Sending) => Promise<T>;

const roundPauseMs = 250;
/** What one try of a call that may be made twice takes of the whole time, at most. */
const attemptShare = 0.4;

/**
 * The members of an etcd cluster as one: each call goes to the member that answered last, and to the next one when
 * that fails. What may be done twice is tried at every member; what may not is tried again only after a failure that
 * says it was not done. Every request demands a member that has a leader, so that one that is cut off from the
 * others refuses instead of being silent.
 */
export class Cluster {
	readonly #endpoints: readonly Endpoint[];
	readonly #token: AuthToken;
	readonly #callMs: number;
	readonly #runtime: Runtime;
	readonly #writes: Semaphore;
	readonly #calls = new Map<Promise<unknown>, AbortController>();
	#current: number;
	#closed = false;

	constructor(options: ClusterOptions) {
		this.#endpoints = options.endpoints;
		this.#current = options.first;
		this.#token = options.token;
		this.#callMs = options.callMs;
		this.#runtime = options.runtime;
		this.#writes = new Semaphore(options.writesInFlight);
	}

	/** Makes a call that may be made twice. Throws STORE_UNAVAILABLE, STORE_DENIED or STORE_LIMIT. */
	async repeat<T>(attempt: Attempt<T>): Promise<T> {
		return await this.#call((stop, deadline) => this.#tryInTurn(attempt, stop, deadline, true));
	}

	/** Makes a call that may not be made twice. STORE_UNAVAILABLE leaves open whether it was. */
	async once<T>(attempt: Attempt<T>): Promise<T> {
		return await this.#call(async (stop, deadline) => {
			const release = await this.#writes.take(stop).catch(() => {
				throw unavailable("too many writes are in flight; this one was not sent");
			});
			try {
				return await this.#tryInTurn(attempt, stop, deadline, false);
			} finally {
				release();
			}
		});
	}

	/** Asks every member by itself; gives the answers of those that gave one. Throws when none did. */
	async each<T>(attempt: Attempt<T>): Promise<readonly T[]> {
		return await this.#call(async (stop) => {
			const ends = await Promise.all(
				this.#endpoints.map(async (endpoint) => {
					try {
						return { answer: await this.#askOne(endpoint, attempt, stop) };
					} catch (error) {
						return { error: storeError(endpoint.url, error) };
					}
				}),
			);
			const answers = ends.flatMap((end) => ("answer" in end ? [end.answer] : []));
			const [failure] = ends.flatMap((end) => ("error" in end ? [end.error] : []));
			if (answers.length === 0 && failure !== undefined) throw failure;
			return answers;
		});
	}

	/** All members that are known. */
	get urls(): readonly string[] {
		return this.#endpoints.map(({ url }) => url);
	}

	/** Connects to a member, the current one if none is named, and gets a token if it wants one. */
	async link(stop: AbortSignal, endpoint: Endpoint = this.endpoint): Promise<Link> {
		const services = await endpoint.services(stop);
		const token = await this.#token.current(services);
		const headers = token === null ? { hasleader: "true" } : { hasleader: "true", token };
		return { endpoint, services, token, headers };
	}

	/** The member that the next call goes to. */
	get endpoint(): Endpoint {
		const endpoint = this.#endpoints[this.#current];
		if (endpoint === undefined) throw unavailable("there is no endpoint");
		return endpoint;
	}

	/** Goes to another member, when this is the one that calls go to. */
	leave(endpoint: Endpoint): void {
		if (this.endpoint === endpoint) this.#current = (this.#current + 1) % this.#endpoints.length;
	}

	/** Forgets the token that a link has, because it was refused. False: there is no better one to be had. */
	refuseToken({ token }: Link): boolean {
		return this.#token.refused(token);
	}

	get isClosed(): boolean {
		return this.#closed;
	}

	/** Lets calls under way end, for a time; then breaks them off, and the connections. */
	async close(withinMs: number): Promise<void> {
		this.#closed = true;
		const enough = new AbortController();
		const ended = Promise.allSettled(this.#calls.keys());
		await Promise.race([ended, pause(withinMs, this.#runtime, enough.signal)]);
		enough.abort();
		for (const call of this.#calls.values()) call.abort();
		for (const endpoint of this.#endpoints) endpoint.close();
		await ended;
	}

	async #call<T>(work: (stop: AbortSignal, deadline: number) => Promise<T>): Promise<T> {
		if (this.#closed) throw unavailable("it is closed");
		const stop = new AbortController();
		const cancel = this.#runtime.schedule(this.#callMs, () => stop.abort());
		const call = work(stop.signal, this.#runtime.monotonic() + this.#callMs);
		this.#calls.set(call, stop);
		try {
			return await call;
		} finally {
			cancel();
			this.#calls.delete(call);
		}
	}

	async #askOne<T>(endpoint: Endpoint, attempt: Attempt<T>, stop: AbortSignal): Promise<T> {
		const timeoutMs = Math.ceil(this.#callMs * attemptShare);
		const late = new AbortController();
		const soon = AbortSignal.any([stop, late.signal]);
		const cancel = this.#runtime.schedule(timeoutMs, () => late.abort());
		try {
			for (let renewed = false; ; renewed = true) {
				const link = await this.link(soon, endpoint);
				try {
					return await attempt(link.services, { signal: soon, timeoutMs, headers: link.headers });
				} catch (error) {
					if (renewed || failureOf(error) !== "token" || !this.refuseToken(link)) throw error;
				}
			}
		} finally {
			cancel();
		}
	}

	async #tryInTurn<T>(
		attempt: Attempt<T>,
		stop: AbortSignal,
		deadline: number,
		repeatable: boolean,
	): Promise<T> {
		const problems = new Map<string, string>();
		let renewed = false;
		for (let n = 0; n < 2 * this.#endpoints.length && !stop.aborted; n++) {
			if (n > 0 && n % this.#endpoints.length === 0) await pause(roundPauseMs, this.#runtime, stop);
			const { endpoint } = this;
			let link: Link | null = null;
			try {
				link = await this.link(stop);
				const leftMs = Math.max(1, Math.ceil(deadline - this.#runtime.monotonic()));
				// A read leaves time to ask another member; a write that is given up is one whose outcome is open.
				const timeoutMs = repeatable ? Math.min(leftMs, Math.ceil(this.#callMs * attemptShare)) : leftMs;
				return await attempt(link.services, { signal: stop, timeoutMs, headers: link.headers });
			} catch (error) {
				const failure = failureOf(error);
				problems.set(endpoint.url, problemOf(endpoint.url, error));
				if (failure === "token" && link && !renewed && this.refuseToken(link)) {
					renewed = true;
					n--;
					continue;
				}
				if (failure !== "unclear" && failure !== "not-done") throw storeError(endpoint.url, error);
				this.leave(endpoint);
				// Without a link nothing was sent yet.
				if (failure === "unclear" && link && !repeatable) throw storeError(endpoint.url, error);
			}
		}
		throw unavailable([...problems.values()].join("; ") || `no answer within ${this.#callMs / 1000} s`);
	}
}
