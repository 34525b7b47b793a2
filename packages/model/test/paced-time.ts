import type { StopSignal } from "@pathkeeper/model";

/** Milliseconds between two steps. */
const stepMs = 4;

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/**
 * Time that advances in small steps, `speed` times as fast as the clock. If the machine is busy and this process does
 * not run for a while, it misses steps, so this time slows down together with the process. Work with a deadline gets as
 * many turns of the event loop on a busy machine as on an idle one.
 */
export class PacedTime {
	#now = 0;
	readonly #sleepers = new Set<Sleeper>();

	constructor(speed: number) {
		setInterval(() => this.#pass(stepMs * speed), stepMs).unref();
	}

	/** Milliseconds since the beginning. */
	monotonic(): number {
		return this.#now;
	}

	/** Resolves after `ms`; rejects with the signal's reason. */
	async sleep(ms: number, signal?: StopSignal): Promise<void> {
		if (signal?.aborted === true) throw signal.reason;
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const callOff = this.schedule(ms, resolve);
		const abort = () => {
			callOff();
			reject(signal?.reason);
		};
		signal?.addEventListener("abort", abort, { once: true });
		try {
			await promise;
		} finally {
			signal?.removeEventListener("abort", abort);
		}
	}

	/** Calls `run` once after `ms`; the returned function cancels that. */
	schedule(ms: number, run: () => void): () => void {
		const sleeper = { until: this.#now + ms, wake: run };
		this.#sleepers.add(sleeper);
		return () => void this.#sleepers.delete(sleeper);
	}

	#pass(ms: number): void {
		this.#now += ms;
		const due = [...this.#sleepers].filter(({ until }) => until <= this.#now);
		for (const sleeper of due.sort((a, b) => a.until - b.until))
			if (this.#sleepers.delete(sleeper)) sleeper.wake();
	}
}
