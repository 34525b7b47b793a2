import { PathkeeperError } from "@pathkeeper/model";
import { cancelledOutcome } from "@pathkeeper/store";

/** Tasks that run side by side, and how each is ended early. */
export class RunningTasks {
	readonly #stops = new Map<string, AbortController>();
	readonly #works = new Set<Promise<void>>();

	/** Runs a task until it or `signal` ends it. What it throws comes out of `ended`. */
	run(upid: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
		const stop = new AbortController();
		this.#stops.set(upid, stop);
		const done = work(AbortSignal.any([signal, stop.signal])).finally(() => {
			this.#stops.delete(upid);
			this.#works.delete(done);
		});
		this.#works.add(done);
		// Whoever waits for `ended` learns of it; until then nobody does.
		done.catch(() => undefined);
		return done;
	}

	/** True: an earlier look at the store that still shows it as waiting is outdated. */
	has(upid: string): boolean {
		return this.#stops.has(upid);
	}

	/** Ends a task that runs here. Its work says when: a program that changes something is let finish. */
	cancel(upid: string, by: string): void {
		this.#stops.get(upid)?.abort(new PathkeeperError("TASK_CANCELLED", { outcome: cancelledOutcome(by) }));
	}

	/** Those that run now. */
	get upids(): readonly string[] {
		return [...this.#stops.keys()];
	}

	/** Resolves when all have ended. Throws what one of them threw. */
	async ended(): Promise<void> {
		const outcomes = await Promise.allSettled(this.#works);
		const failed = outcomes.find((outcome) => outcome.status === "rejected");
		if (failed !== undefined) throw failed.reason;
	}
}
