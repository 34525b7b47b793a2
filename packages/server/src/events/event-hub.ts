import type { ServerResponse } from "node:http";
import { PathkeeperError, type Runtime } from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import type { LiveFleet } from "../fleet/live-fleet.ts";
import type { Party } from "../http/party.ts";
import { EventClient } from "./event-client.ts";
import { EventSession } from "./event-session.ts";
import { roomFor, type StreamLimits, usualStreamLimits } from "./stream-shares.ts";

export interface EventHubOptions {
	readonly store: Store;
	readonly live: LiveFleet;
	readonly runtime: Runtime;
	readonly limits?: StreamLimits;
	/** A client with more bytes than this waiting is dropped. */
	readonly mostBehind?: number;
	readonly pingMs?: number;
	/** Whether a client may see an event is asked anew after this time, in milliseconds. */
	readonly mayForMs?: number;
	readonly onFault: (error: unknown, where: string) => void;
}

/** A client that wants to follow the events. */
export interface Joining {
	readonly party: Party;
	readonly may: () => Promise<boolean>;
	/** Id of the last event that it got; null: none. */
	readonly last: string | null;
}

/**
 * The event stream: every client gets the same bytes, made once. The fleet is watched, and the log followed, from
 * the first client to the last.
 */
export class EventHub {
	readonly #options: Required<EventHubOptions>;
	/** Oldest first. */
	readonly #clients = new Map<EventClient, Followed>();
	#session: EventSession | null = null;

	constructor(options: EventHubOptions) {
		this.#options = {
			limits: usualStreamLimits,
			mostBehind: 8 * 1024 * 1024,
			pingMs: 30_000,
			mayForMs: 1000,
			...options,
		};
	}

	/** How many clients there are. */
	get size(): number {
		return this.#clients.size;
	}

	/**
	 * Before a party joins: ends the stream that has to go for it, if one has to. Throws TOO_MANY_LISTENERS when none
	 * has to, and there is no room.
	 */
	makeRoom(party: Party): void {
		// Each limit may take one: a stream that goes for one limit may be another's than the next limit wants.
		for (;;) {
			const streams = [...this.#clients].map(([client, followed]) => [client, followed.party] as const);
			const room = roomFor(party, streams, this.#options.limits);
			if (room.kind === "free") return;
			if (room.kind === "none") {
				const { count, of } = room;
				throw new PathkeeperError("TOO_MANY_LISTENERS", { count, of }, { retryAfterS: 30 });
			}
			room.stream.close(makeWay);
		}
	}

	/** Sends the stream to a response whose head was written, until either side ends it. */
	join(response: ServerResponse, { party, may, last }: Joining): void {
		const { runtime, mayForMs, mostBehind, onFault } = this.#options;
		this.#session ??= new EventSession(this.#options, (bytes) => this.#broadcast(bytes));
		const session = this.#session;
		const client: EventClient = new EventClient(response, {
			may,
			mayForMs,
			mostBehind,
			monotonic: () => runtime.monotonic(),
			onEnd: () => this.#leave(client),
			onFault,
		});
		const followed: Followed = { party, hasBegun: false };
		this.#clients.set(client, followed);
		session.ready.then(
			() => {
				if (client.isOver) return;
				for (const bytes of session.beginning(last)) client.send(bytes);
				followed.hasBegun = true;
			},
			() => client.close(),
		);
	}

	/** Ends all streams. */
	close(): void {
		for (const client of [...this.#clients.keys()]) client.close();
	}

	#broadcast(bytes: Buffer | "ping"): void {
		for (const [client, { hasBegun }] of this.#clients) {
			if (bytes === "ping") client.ping();
			else if (hasBegun) client.send(bytes);
		}
	}

	#leave(client: EventClient): void {
		this.#clients.delete(client);
		if (this.#clients.size > 0) return;
		this.#session?.end();
		this.#session = null;
	}
}

interface Followed {
	readonly party: Party;
	/** Whether it was sent its beginning. */
	hasBegun: boolean;
}

/** Told to a client that ends for another: it comes back later than usual, in milliseconds. */
const makeWay = "retry: 30000\n\n";
