import type { JudgedFleet, Picture, Runtime } from "@pathkeeper/model";
import type { ConfigDocument, ConfigDocumentName, Store } from "@pathkeeper/store";
import { HeavyWorker } from "../heavy/heavy-worker.ts";
import type { OffLoop } from "../heavy/off-loop.ts";
import { ReportReader, reportThread } from "../heavy/report-reader.ts";
import { FleetJudge } from "./fleet-judge.ts";
import type { Pulse } from "./pulse.ts";
import { ReportFacts } from "./report-facts.ts";
import { type FleetStep, Watching } from "./watching.ts";

export interface LiveFleetOptions {
	readonly store: Store;
	readonly runtime: Runtime;
	/** Where large reports are read; absent: in a thread of its own. */
	readonly offLoop?: OffLoop;
	/** How long the watching goes on when nobody looks any more, in milliseconds. */
	readonly lingerMs?: number;
	/** Changes that come within this time of the last step make one step, in milliseconds. */
	readonly gatherMs?: number;
	/** Trouble with the store that is over within this time is not worth showing, in milliseconds. */
	readonly patienceMs?: number;
	/** Told while reports are read. */
	readonly pulse?: Pulse;
	/** Told of faults of ours. */
	readonly onFault: (error: unknown, where: string) => void;
}

/** The fleet as somebody sees it who looks. To be given back with `using`. */
export interface FleetView extends Disposable {
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
	readonly facts: ReportFacts;
	/** Judges for calls, too. */
	readonly judge = new FleetJudge();
	readonly #options: Required<Omit<LiveFleetOptions, "pulse" | "offLoop">> & Pick<LiveFleetOptions, "pulse">;
	readonly #listeners = new Set<(step: FleetStep) => void>();
	#lookers = 0;
	#watching: Watching | null = null;
	#stopLinger: (() => void) | null = null;
	readonly #ending = new Set<Promise<void>>();

	constructor(options: LiveFleetOptions) {
		const { runtime, offLoop = new HeavyWorker({ runtime, ...reportThread }) } = options;
		this.facts = new ReportFacts(new ReportReader(offLoop, runtime), runtime);
		this.#options = { lingerMs: 30_000, gatherMs: 100, patienceMs: 3000, ...options };
	}

	/** Watches, or joins who watches already; resolves when the fleet was read whole. Rejects when the signal aborts. */
	async look(signal?: AbortSignal): Promise<FleetView> {
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
		const watching = new Watching({ ...this.#options, facts: this.facts, judge: this.judge }, (step) =>
			this.#tell(step),
		);
		this.#watching = watching;
		return watching;
	}

	#leave(): void {
		this.#lookers -= 1;
		if (this.#lookers > 0) return;
		this.#stopLinger = this.#options.runtime.schedule(this.#options.lingerMs, () => this.#end());
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
