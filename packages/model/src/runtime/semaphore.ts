import type { StopSignal } from "./runtime.ts";

/** Lets a number of pieces of work run at once; the others wait in the order in which they came. */
export class Semaphore {
	readonly #count: number;
	#taken = 0;
	readonly #waiting = new Set<() => void>();

	constructor(count: number) {
		this.#count = count;
	}

	/** True: who comes now has to wait. */
	get isFull(): boolean {
		return this.#taken >= this.#count;
	}

	/** How many wait. */
	get waiting(): number {
		return this.#waiting.size;
	}

	/** Waits for a free slot; gives the function that frees it again. Throws the signal's reason when it aborts first. */
	async take(signal?: StopSignal): Promise<() => void> {
		if (signal?.aborted === true) throw signal.reason;
		if (this.isFull) await this.#wait(signal);
		else this.#taken++;
		let isHeld = true;
		return () => {
			if (isHeld) this.#release();
			isHeld = false;
		};
	}

	/**
	 * Does the work in a slot, and begins it at once when there is a free one. Throws the signal's reason when it aborts
	 * before there is one.
	 */
	async within<T>(work: () => Promise<T>, signal?: StopSignal): Promise<T> {
		if (signal?.aborted === true) throw signal.reason;
		if (this.isFull) await this.#wait(signal);
		else this.#taken++;
		try {
			return await work();
		} finally {
			this.#release();
		}
	}

	async #wait(signal: StopSignal | undefined): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const giveUp = () => {
			if (this.#waiting.delete(resolve)) reject(signal?.reason);
		};
		this.#waiting.add(resolve);
		signal?.addEventListener("abort", giveUp, { once: true });
		try {
			await promise;
		} finally {
			signal?.removeEventListener("abort", giveUp);
		}
	}

	/** The slot goes to the one who waits longest, so that nobody who comes later takes it. */
	#release(): void {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#taken--;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}
