import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
	deltaBetween,
	emptyPicture,
	type JudgedFleet,
	type Judgement,
	messageOf,
	nextPicture,
	type Picture,
	type PictureDelta,
} from "@pathkeeper/model";
import {
	type ConfigDocument,
	type ConfigDocumentName,
	type Store,
	systemTiming,
	type Timing,
} from "@pathkeeper/store";
import { FleetWatch } from "./fleet-watch.ts";

export interface LiveFleetOptions {
	readonly store: Store;
	readonly timing?: Timing;
	/** How long the watching goes on when nobody looks any more, in milliseconds. */
	readonly lingerMs?: number;
	/** Changes that come within this time of the last step make one step, in milliseconds. */
	readonly gatherMs?: number;
	/** Trouble with the store that is over within this time is not worth showing, in milliseconds. */
	readonly patienceMs?: number;
	/** Told of faults of ours. */
	readonly onFault: (error: unknown, where: string) => void;
}

const pauseAfterFaultMs = 5000;

/** From one state of the fleet to the next. */
export interface FleetStep {
	readonly picture: Picture;
	/** Null: the shape changed, or it is the first; see the picture. Undefined: nothing in the picture differs. */
	readonly delta: PictureDelta | null | undefined;
	/** What was judged again, perhaps nothing; it may be about things that no picture shows, such as one path more. */
	readonly judgement: Judgement;
}

/** The fleet as somebody sees it who looks. To be given back with `using`. */
export interface Look extends Disposable {
	/** Revisions of pictures are comparable where this is equal. */
	readonly epoch: string;
	readonly fleet: JudgedFleet;
	readonly picture: Picture;
	readonly documents: ReadonlyMap<ConfigDocumentName, ConfigDocument>;
	/** Calls after every step from now on, until the look ends. */
	onStep(listener: (step: FleetStep) => void): void;
}

/**
 * The fleet, kept true by watches of the store for as long as somebody looks, and a while longer: pages that are
 * opened one after the other, and a scrape every few seconds, then find it warm. Nobody looks: nothing is watched.
 */
export class LiveFleet {
	readonly #options: Required<LiveFleetOptions>;
	readonly #listeners = new Set<(step: FleetStep) => void>();
	#lookers = 0;
	#watching: Watching | null = null;
	#stopLinger: (() => void) | null = null;
	readonly #ending = new Set<Promise<void>>();

	constructor(options: LiveFleetOptions) {
		this.#options = { timing: systemTiming, lingerMs: 30_000, gatherMs: 100, patienceMs: 3000, ...options };
	}

	/** Watches, or joins who watches already; resolves when the fleet was read whole. Rejects when the signal aborts. */
	async look(signal?: AbortSignal): Promise<Look> {
		signal?.throwIfAborted();
		this.#lookers += 1;
		this.#stopLinger?.();
		this.#stopLinger = null;
		const watching = this.#watching ?? this.#begin();
		const mine = new Set<(step: FleetStep) => void>();
		let over = false;
		const end = () => {
			if (over) return;
			over = true;
			for (const listener of mine) this.#listeners.delete(listener);
			this.#leave();
		};
		try {
			await abortable(watching.whole, signal);
		} catch (error) {
			end();
			throw error;
		}
		return {
			epoch: watching.epoch,
			fleet: watching.watch.fleet,
			get picture() {
				return watching.picture;
			},
			get documents() {
				return watching.watch.documents;
			},
			onStep: (listener) => {
				if (over) return;
				mine.add(listener);
				this.#listeners.add(listener);
			},
			[Symbol.dispose]: end,
		};
	}

	/** Ends watching whoever looks. */
	async close(): Promise<void> {
		this.#stopLinger?.();
		this.#end();
		await Promise.all(this.#ending);
	}

	#begin(): Watching {
		const watching = new Watching(this.#options, (step) => this.#tell(step));
		this.#watching = watching;
		return watching;
	}

	#leave(): void {
		this.#lookers -= 1;
		if (this.#lookers > 0) return;
		this.#stopLinger = this.#options.timing.schedule(this.#options.lingerMs, () => this.#end());
	}

	#end(): void {
		const watching = this.#watching;
		this.#watching = null;
		if (watching === null) return;
		const ending: Promise<void> = watching.end().finally(() => this.#ending.delete(ending));
		this.#ending.add(ending);
	}

	#tell(step: FleetStep): void {
		for (const listener of this.#listeners) {
			try {
				listener(step);
			} catch (error) {
				this.#options.onFault(error, "live: a listener");
			}
		}
	}
}

/** One stretch of watching, from the first who looks to the last. */
class Watching {
	/** No other stretch has it: revisions of pictures are compared within one stretch only. */
	readonly epoch = randomUUID();
	readonly watch: FleetWatch;
	readonly whole: Promise<void>;
	picture: Picture = emptyPicture;
	readonly #options: Required<LiveFleetOptions>;
	readonly #stop = new AbortController();
	readonly #ended: Promise<void>;
	readonly #tell: (step: FleetStep) => void;
	readonly #whole = Promise.withResolvers<void>();
	readonly #problems = new Map<string, { readonly text: string; readonly since: number }>();
	#scheduled: (() => void) | null = null;
	#began = false;
	#lastStep = Number.NEGATIVE_INFINITY;

	constructor(options: Required<LiveFleetOptions>, tell: (step: FleetStep) => void) {
		this.#options = options;
		this.#tell = tell;
		this.whole = this.#whole.promise;
		this.whole.catch(() => undefined);
		this.watch = new FleetWatch({
			store: options.store,
			signal: this.#stop.signal,
			onChange: () => this.#soon(0),
			onProblem: (part, problem) => this.#note(part, problem),
		});
		this.#ended = this.#run();
	}

	async #run(): Promise<void> {
		const { signal } = this.#stop;
		while (!signal.aborted) {
			try {
				await this.watch.run();
			} catch (error) {
				this.#options.onFault(error, "live: watching the fleet");
				// What is shown is not kept true any more, and must not look as if it were.
				this.#note("watch", messageOf(error));
				await delay(pauseAfterFaultMs, undefined, { signal }).catch(() => undefined);
				this.#note("watch", null);
			}
		}
	}

	async end(): Promise<void> {
		this.#stop.abort(new Error("the server stops watching"));
		this.#scheduled?.();
		this.#whole.reject(this.#stop.signal.reason);
		await this.#ended;
	}

	#note(part: string, problem: string | null): void {
		const { timing, patienceMs } = this.#options;
		if (problem === null) this.#problems.delete(part);
		else
			this.#problems.set(part, {
				text: problem,
				since: this.#problems.get(part)?.since ?? timing.monotonic(),
			});
		this.#soon(problem === null ? 0 : patienceMs);
	}

	#soon(afterMs: number): void {
		const { timing, gatherMs } = this.#options;
		if (this.#stop.signal.aborted) return;
		if (afterMs > 0) {
			timing.schedule(afterMs, () => this.#soon(0));
			return;
		}
		if (this.#scheduled !== null) return;
		const wait = Math.max(0, this.#lastStep + gatherMs - timing.monotonic());
		this.#scheduled = timing.schedule(wait, () => {
			this.#scheduled = null;
			this.#step();
		});
	}

	#step(): void {
		if (this.#stop.signal.aborted || !this.watch.isWhole) return;
		const { timing } = this.#options;
		this.#lastStep = timing.monotonic();
		const judgement = this.watch.fleet.judge();
		const before = this.picture;
		this.picture = nextPicture(before, this.watch.fleet, judgement, this.#problem());
		const isFirst = !this.#began;
		this.#began = true;
		const delta = isFirst ? null : this.picture === before ? undefined : deltaBetween(before, this.picture);
		this.#whole.resolve();
		this.#tell({ picture: this.picture, delta, judgement });
	}

	#problem(): string | null {
		const { timing, patienceMs } = this.#options;
		const old = timing.monotonic() - patienceMs;
		return [...this.#problems.values()].find(({ since }) => since <= old)?.text ?? null;
	}
}

async function abortable(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
	if (signal === undefined) return await promise;
	const aborted = Promise.withResolvers<never>();
	const abort = () => aborted.reject(signal.reason);
	signal.addEventListener("abort", abort);
	try {
		await Promise.race([promise, aborted.promise]);
	} finally {
		signal.removeEventListener("abort", abort);
	}
}
