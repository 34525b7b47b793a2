import {
	deltaBetween,
	emptyPicture,
	type Judgement,
	messageOf,
	nextPicture,
	type Picture,
	type PictureDelta,
	pause,
	type Runtime,
} from "@pathkeeper/model";
import type { Store } from "@pathkeeper/store";
import type { FleetJudge } from "./fleet-judge.ts";
import { FleetWatch } from "./fleet-watch.ts";
import type { Pulse } from "./pulse.ts";
import type { ReportFacts } from "./report-facts.ts";

export interface WatchingOptions {
	readonly store: Store;
	readonly facts: ReportFacts;
	/** Keeps the fleet of this stretch once it was read whole. */
	readonly judge: FleetJudge;
	readonly runtime: Runtime;
	readonly gatherMs: number;
	readonly patienceMs: number;
	readonly onFault: (error: unknown, where: string) => void;
	/** Told while reports are read. */
	readonly pulse?: Pulse | undefined;
}

/** From one state of the fleet to the next. */
export interface FleetStep {
	readonly picture: Picture;
	/** Null: the shape changed, or it is the first; see the picture. Undefined: nothing in the picture differs. */
	readonly delta: PictureDelta | null | undefined;
	/** What was judged again, perhaps nothing; it may be about things that no picture shows, such as one path more. */
	readonly judgement: Judgement;
}

const pauseAfterFaultMs = 5000;
/** In a storm a step is followed by a pause this many times as long, or until nothing came for so long. */
const pauseFactor = 6;
const quietMs = 30;

/** One stretch of watching, from the first who looks to the last. */
export class Watching {
	/** No other stretch has it: revisions of pictures are compared within one stretch only. */
	readonly epoch: string;
	readonly watch: FleetWatch;
	readonly whole: Promise<void>;
	picture: Picture = emptyPicture;
	readonly #options: WatchingOptions;
	readonly #stop = new AbortController();
	readonly #ended: Promise<void>;
	readonly #tell: (step: FleetStep) => void;
	readonly #whole = Promise.withResolvers<void>();
	readonly #problems = new Map<string, { readonly text: string; readonly since: number }>();
	#scheduled: (() => void) | null = null;
	#began = false;
	#lastStep = Number.NEGATIVE_INFINITY;
	/** How long the last step took, in milliseconds. */
	#stepCost = 0;

	constructor(options: WatchingOptions, tell: (step: FleetStep) => void) {
		this.#options = options;
		this.epoch = options.runtime.uuid();
		this.#tell = tell;
		this.whole = this.#whole.promise;
		this.whole.catch(() => undefined);
		this.watch = new FleetWatch({
			store: options.store,
			runtime: options.runtime,
			facts: options.facts,
			pulse: options.pulse,
			signal: this.#stop.signal,
			onChange: (isMore) => this.#stepSoon(isMore),
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
				await pause(pauseAfterFaultMs, this.#options.runtime, signal);
				this.#note("watch", null);
			}
		}
	}

	async end(): Promise<void> {
		this.#stop.abort(new Error("the server stops watching"));
		this.#options.judge.unfollow(this.watch.fleet);
		this.#scheduled?.();
		this.#whole.reject(this.#stop.signal.reason);
		await this.#ended;
	}

	#note(part: string, problem: string | null): void {
		const { runtime, patienceMs } = this.#options;
		if (problem === null) this.#problems.delete(part);
		else
			this.#problems.set(part, {
				text: problem,
				since: this.#problems.get(part)?.since ?? runtime.monotonic(),
			});
		if (problem === null) this.#stepSoon(false);
		else runtime.schedule(patienceMs, () => this.#stepSoon(false));
	}

	/**
	 * In a storm steps cost more: then they are fewer, so that reading what comes keeps most of the time, and one
	 * follows as soon as nothing came for a moment.
	 */
	#stepSoon(isMore: boolean): void {
		const { runtime, gatherMs } = this.#options;
		if (this.#stop.signal.aborted) return;
		const now = runtime.monotonic();
		const rest = pauseFactor * this.#stepCost;
		const isStorm = rest > gatherMs;
		if (this.#scheduled !== null && !isStorm) return;
		this.#scheduled?.();
		const quiet = isMore ? Number.POSITIVE_INFINITY : now + quietMs;
		const at = this.#lastStep + (isStorm ? rest : gatherMs);
		const wait = Math.max(0, (isStorm ? Math.min(at, quiet) : at) - now);
		this.#scheduled = runtime.schedule(wait, () => {
			this.#scheduled = null;
			this.#step();
		});
	}

	#step(): void {
		if (this.#stop.signal.aborted || !this.watch.isWhole) return;
		const { runtime } = this.#options;
		this.#lastStep = runtime.monotonic();
		const judgement = this.watch.fleet.judge();
		const before = this.picture;
		this.picture = nextPicture(before, this.watch.fleet, judgement, this.#problem());
		const isFirst = !this.#began;
		this.#began = true;
		if (isFirst) this.#options.judge.follow(this.watch.fleet);
		const delta = isFirst ? null : this.picture === before ? undefined : deltaBetween(before, this.picture);
		this.#whole.resolve();
		this.#tell({ picture: this.picture, delta, judgement });
		const ended = runtime.monotonic();
		this.#stepCost = ended - this.#lastStep;
		this.#lastStep = ended;
	}

	#problem(): string | null {
		const { runtime, patienceMs } = this.#options;
		const old = runtime.monotonic() - patienceMs;
		return [...this.#problems.values()].find(({ since }) => since <= old)?.text ?? null;
	}
}
