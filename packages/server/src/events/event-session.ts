import type { LiveEvent } from "@pathkeeper/model";
import { pictureDocument, type Runtime } from "@pathkeeper/model";
import { followLog, type Store } from "@pathkeeper/store";
import type { FleetView, LiveFleet } from "../fleet/live-fleet.ts";
import type { FleetStep } from "../fleet/watching.ts";
import { RecentEvents } from "./recent-events.ts";

export interface EventSessionOptions {
	readonly store: Store;
	readonly live: LiveFleet;
	readonly runtime: Runtime;
	readonly pingMs: number;
	readonly onFault: (error: unknown, where: string) => void;
}

/** What a session gives to all its clients: bytes of whole events, or that it is time for a ping. */
export type Broadcast = (bytes: Buffer | "ping") => void;

const recent = { events: 256, bytes: 4 * 1024 * 1024 };

/** Makes the events of the stream, from the first client to the last. */
export class EventSession {
	/** Resolves when there is something to begin with. */
	readonly ready: Promise<void>;
	readonly #options: EventSessionOptions;
	readonly #broadcast: Broadcast;
	readonly #stop = new AbortController();
	readonly #recent = new RecentEvents(recent);
	#look: FleetView | null = null;
	#snapshot: { readonly rev: number; readonly bytes: Buffer } | null = null;
	#stopPing: () => void = () => undefined;

	constructor(options: EventSessionOptions, broadcast: Broadcast) {
		this.#options = options;
		this.#broadcast = broadcast;
		this.ready = this.#begin();
		this.ready.catch(() => undefined);
	}

	/** What a new client is sent first: what it missed, or everything. Only after `ready`. */
	beginning(last: string | null): readonly Buffer[] {
		const look = this.#look;
		if (look === null) return [];
		const { epoch, picture } = look;
		const known = last?.startsWith(`${epoch}.`) ? Number(last.slice(epoch.length + 1)) : Number.NaN;
		const missed = Number.isSafeInteger(known) ? this.#recent.since(known, picture.rev) : null;
		return [helloBytes, ...(missed ?? [this.#snapshotOf(look)])];
	}

	end(): void {
		this.#stop.abort(new Error("no client follows the events any longer"));
		this.#stopPing();
		this.#look?.[Symbol.dispose]();
		this.#look = null;
	}

	async #begin(): Promise<void> {
		const { live, store, onFault } = this.#options;
		const { signal } = this.#stop;
		const look = await live.look(signal);
		if (signal.aborted) {
			look[Symbol.dispose]();
			throw signal.reason;
		}
		this.#look = look;
		look.onStep((step) => this.#tell(look, step));
		this.#ping();
		followLog(store, this.#options.runtime, signal, (news) =>
			this.#broadcast(bytesOf({ event: "log", data: news })),
		).catch((error: unknown) => onFault(error, "events: the log"));
	}

	#tell(look: FleetView, { picture, delta }: FleetStep): void {
		if (delta === undefined) return;
		if (delta === null) {
			this.#recent.clear();
			this.#broadcast(this.#snapshotOf(look));
			return;
		}
		const bytes = bytesOf({ event: "delta", data: delta }, `${look.epoch}.${picture.rev}`);
		this.#recent.add(picture.rev, bytes);
		this.#broadcast(bytes);
	}

	/** Made once for a revision, however many clients come. */
	#snapshotOf({ epoch, picture }: FleetView): Buffer {
		if (this.#snapshot?.rev === picture.rev) return this.#snapshot.bytes;
		const data = { epoch, ...pictureDocument(picture) };
		const bytes = bytesOf({ event: "snapshot", data }, `${epoch}.${picture.rev}`);
		this.#snapshot = { rev: picture.rev, bytes };
		return bytes;
	}

	#ping(): void {
		const { runtime, pingMs } = this.#options;
		this.#stopPing = runtime.schedule(pingMs, () => {
			this.#broadcast("ping");
			this.#ping();
		});
	}
}

/** How long a client waits before it comes back, in milliseconds. */
const helloBytes = Buffer.from("retry: 2000\n\n");

/** An event as it travels (HTML standard, server-sent events); JSON has no line breaks of its own. */
function bytesOf({ event, data }: LiveEvent, id: string | null = null): Buffer {
	const idLine = id === null ? "" : `id: ${id}\n`;
	return Buffer.from(`${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
