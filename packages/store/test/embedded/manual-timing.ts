import type { Timing } from "../../src/timing.ts";

/** Time that passes when it is told to. */
export class ManualTiming implements Timing {
	#now = 1_700_000_000_000;
	#monotonic = 5000;
	readonly #due = new Set<{ readonly at: number; readonly run: () => void }>();

	now(): number {
		return this.#now;
	}

	monotonic(): number {
		return this.#monotonic;
	}

	schedule(ms: number, run: () => void): () => void {
		const timer = { at: this.#monotonic + ms, run };
		this.#due.add(timer);
		return () => this.#due.delete(timer);
	}

	/** Lets time pass and runs what falls due, in order. */
	advance(ms: number): void {
		const end = this.#monotonic + ms;
		for (;;) {
			const [next] = [...this.#due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
			if (next === undefined) break;
			this.#due.delete(next);
			this.#now += Math.max(0, next.at - this.#monotonic);
			this.#monotonic = Math.max(this.#monotonic, next.at);
			next.run();
		}
		this.#now += end - this.#monotonic;
		this.#monotonic = end;
	}

	/** Sets the clock on the wall; monotonic time goes on as it did. */
	setClock(now: number): void {
		this.#now = now;
	}
}
