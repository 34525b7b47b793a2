/**
 * The fleet as this page knows it, and how current that is. It reads the matrix once and follows the events from there;
 * if an event is missing it reads again. When the server is gone, the last known state stays, and is marked as old.
 */
import {
	applyDelta,
	emptyPicture,
	type LogEntry,
	liveRoutes,
	messageOf,
	type Picture,
	pause,
	readPicture,
} from "@pathkeeper/model";
import { authorization, client } from "../api/client.ts";
import { pageRuntime } from "../runtime.ts";
import { expireSession, session } from "../session/session.ts";
import { EventText, type StreamEvent } from "./event-text.ts";
import { pauseFor, retryAfterMs } from "./pause-for.ts";
import { deltaFrom, logFrom, snapshotFrom } from "./read-event.ts";

export type Link = "connecting" | "live" | "lost";

export interface Fleet {
	/** False until something was read at all. */
	readonly isKnown: boolean;
	readonly picture: Picture;
	readonly link: Link;
	/** Why it is lost; null when it is not. */
	readonly problem: string | null;
	/** When the server last answered, milliseconds since the epoch; null: never. */
	readonly heardAt: number | null;
	/** Entries of the log that came since the page was opened, newest first. */
	readonly news: readonly LogEntry[];
	/** Grows when entries of the log may have been missed. */
	readonly missedLogs: number;
}

const silenceMs = 45_000;
/** The page is updated at most this often. */
const notifyEveryMs = 100;
const maxNews = 200;
/** With more cells than this, numbers cannot be seen: they are not fetched. */
const maxCounted = 200_000;

export class LiveFleet {
	#fleet: Fleet = {
		isKnown: false,
		picture: emptyPicture,
		link: "connecting",
		problem: null,
		heardAt: null,
		news: [],
		missedLogs: 0,
	};
	#lastId: string | null = null;
	/** How long the server wants the page to wait before it asks again; null: not given. */
	#retryMs: number | null = null;
	#shown = this.#fleet;
	#cancelNotify: (() => void) | null = null;
	readonly #listeners = new Set<() => void>();

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	readonly snapshot = (): Fleet => this.#shown;

	/** Follows the fleet until the signal aborts. */
	async follow(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			this.#retryMs = null;
			try {
				await this.#readMatrix();
				await this.#readEvents(signal);
				this.#set({ link: "lost", problem: "the server ended the connection" });
			} catch (error) {
				if (signal.aborted) return;
				this.#set({ link: "lost", problem: messageOf(error) });
			}
			await pause(pauseFor(this.#retryMs), pageRuntime, signal);
		}
	}

	async #readMatrix(): Promise<void> {
		const document = await client.call(liveRoutes.getMatrix, { counts: 1 });
		const picture = readPicture(document);
		if (picture === null) throw new Error("the matrix in the answer cannot be read");
		this.#lastId = `${document.epoch}.${picture.rev}`;
		this.#set({ picture, isKnown: true, heardAt: pageRuntime.now() });
	}

	async #readEvents(signal: AbortSignal): Promise<void> {
		const ticket = session()?.ticket ?? "";
		const silence = new AbortController();
		const deaf = () => silence.abort(new Error(`no data for ${silenceMs / 1000} s`));
		let cancel = pageRuntime.schedule(silenceMs, deaf);
		try {
			const last = this.#lastId === null ? "" : `?last=${encodeURIComponent(this.#lastId)}`;
			const response = await fetch(`/api2/json/cluster/events${last}`, {
				headers: authorization(),
				credentials: "omit",
				cache: "no-store",
				signal: AbortSignal.any([signal, silence.signal]),
			});
			if (response.status === 401) expireSession(ticket);
			if (response.status === 503) this.#retryMs = retryAfterMs(response.headers.get("retry-after"));
			if (!response.ok || response.body === null)
				throw new Error(response.statusText || `status ${response.status}`);
			this.#set({ link: "live", problem: null, heardAt: pageRuntime.now() });
			const events = new EventText();
			for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
				cancel();
				cancel = pageRuntime.schedule(silenceMs, deaf);
				this.#set({ heardAt: pageRuntime.now() });
				for (const event of events.take(piece)) await this.#take(event);
				this.#retryMs = events.retryMs;
			}
		} finally {
			cancel();
		}
	}

	async #take({ event, data, id }: StreamEvent): Promise<void> {
		if (event === "snapshot") await this.#takeSnapshot(data);
		else if (event === "delta") await this.#takeDelta(data);
		else if (event === "log") this.#takeLog(data);
		if (id !== null) this.#lastId = id;
	}

	async #takeSnapshot(data: string): Promise<void> {
		const document = snapshotFrom(data);
		const picture = document === null ? null : readPicture(document);
		if (document === null || picture === null) throw new Error("a snapshot in the stream cannot be read");
		this.#set({ picture });
		if (picture.states.length <= maxCounted) await this.#readMatrix();
	}

	async #takeDelta(data: string): Promise<void> {
		const delta = deltaFrom(data);
		if (delta === null) throw new Error("an event in the stream cannot be read");
		const { picture } = this.#fleet;
		// A matrix that was read meanwhile may be ahead of the events.
		if (delta.rev <= picture.rev) return;
		const next = applyDelta(picture, delta);
		if (next === null) {
			await this.#readMatrix();
			return;
		}
		this.#set({ picture: next });
		if (next.counts === null && next.states.length <= maxCounted) await this.#readMatrix();
	}

	#takeLog(data: string): void {
		const event = logFrom(data);
		if (event === null) throw new Error("a log entry in the stream cannot be read");
		const ids = new Set(event.entries.map(({ id }) => id));
		const kept = this.#fleet.news.filter(({ id }) => !ids.has(id));
		this.#set({
			news: [...event.entries.toReversed(), ...kept].slice(0, maxNews),
			missedLogs: this.#fleet.missedLogs + (event.missed ? 1 : 0),
		});
	}

	#set(change: Partial<Fleet>): void {
		const before = this.#fleet;
		this.#fleet = { ...before, ...change };
		if (change.link !== undefined && change.link !== before.link) this.#notify();
		else this.#cancelNotify ??= pageRuntime.schedule(notifyEveryMs, () => this.#notify());
	}

	#notify(): void {
		this.#cancelNotify?.();
		this.#cancelNotify = null;
		this.#shown = this.#fleet;
		for (const listener of this.#listeners) listener();
	}
}
