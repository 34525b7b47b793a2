import type { Clock } from "../src/index.ts";

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/** A clock that stands still until it is moved; the two kinds of time can be moved apart, as an administrator does. */
export class ManualClock implements Clock {
	#now = Date.UTC(2026, 10, 22);
	#monotonic = 0;
	readonly #sleepers = new Set<Sleeper>();

	now(): number {
		return this.#now;
	}
	monotonic(): number {
		return this.#monotonic;
	}
	/** How many wait. */
	get sleepers(): number {
		return this.#sleepers.size;
	}

	sleep(ms: number, signal: AbortSignal): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const sleeper = { until: this.#monotonic + ms, wake: resolve };
		this.#sleepers.add(sleeper);
		const abort = () => {
			this.#sleepers.delete(sleeper);
			reject(signal.reason);
		};
		if (signal.aborted) abort();
		else signal.addEventListener("abort", abort, { once: true });
		return promise;
	}

	/** Lets time pass, and those go on who waited for it. */
	async pass(ms: number): Promise<void> {
		this.#now += ms;
		this.#monotonic += ms;
		for (const sleeper of this.#sleepers) {
			if (sleeper.until > this.#monotonic) continue;
			this.#sleepers.delete(sleeper);
			sleeper.wake();
		}
		await settled();
	}

	/** Sets the clock on the wall, and nothing else. */
	set(ms: number): void {
		this.#now += ms;
	}
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
