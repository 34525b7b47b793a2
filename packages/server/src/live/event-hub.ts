import type { ServerResponse } from "node:http";
import { PathkeeperError } from "@pathkeeper/model";
import { type Store, systemTiming, type Timing } from "@pathkeeper/store";
import { EventClient } from "./event-client.ts";
import { EventSession } from "./event-session.ts";
import type { LiveFleet } from "./live-fleet.ts";

export interface EventHubOptions {
	readonly store: Store;
	readonly live: LiveFleet;
	readonly timing?: Timing;
	/** More clients than this are refused. */
	readonly mostClients?: number;
	/** A client with more bytes than this waiting is dropped. */
	readonly mostBehind?: number;
	readonly pingMs?: number;
	/** Whether a client may see an event is asked anew after this time, in milliseconds. */
	readonly mayForMs?: number;
	readonly onFault: (error: unknown, where: string) => void;
}

/** A client that wants to follow the events. */
export interface Joining {
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
	/** With whether they were sent their beginning. */
	readonly #clients = new Map<EventClient, boolean>();
	#session: EventSession | null = null;

	constructor(options: EventHubOptions) {
		this.#options = {
			timing: systemTiming,
			mostClients: 512,
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

	/** Throws TOO_MANY_LISTENERS when no further client is taken. */
	checkRoom(): void {
		const { mostClients } = this.#options;
		if (this.#clients.size < mostClients) return;
		throw new PathkeeperError("TOO_MANY_LISTENERS", { values: { count: mostClients } });
	}

	/** Sends the stream to a response whose head was written, until either side ends it. */
	join(response: ServerResponse, { may, last }: Joining): void {
		const { timing, mayForMs, mostBehind, onFault } = this.#options;
		this.#session ??= new EventSession(this.#options, (bytes) => this.#broadcast(bytes));
		const session = this.#session;
		const client: EventClient = new EventClient(response, {
			may,
			mayForMs,
			mostBehind,
			monotonic: () => timing.monotonic(),
			onEnd: () => this.#leave(client),
			onFault,
		});
		this.#clients.set(client, false);
		session.ready.then(
			() => {
				if (client.isOver) return;
				for (const bytes of session.beginning(last)) client.send(bytes);
				if (!client.isOver) this.#clients.set(client, true);
			},
			() => client.close(),
		);
	}

	/** Ends all streams. */
	close(): void {
		for (const client of [...this.#clients.keys()]) client.close();
	}

	#broadcast(bytes: Buffer | "ping"): void {
		for (const [client, hasBegun] of this.#clients) {
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
