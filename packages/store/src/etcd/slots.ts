/** Lets a number of pieces of work go on at once; more of them wait in order. */
export class Slots {
	#free: number;
	readonly #waiting = new Set<() => void>();

	constructor(count: number) {
		this.#free = count;
	}

	/** Gives the function that frees the slot again; null when `stop` aborted before there was one. */
	async take(stop: AbortSignal): Promise<(() => void) | null> {
		if (this.#free > 0) this.#free--;
		else if (!(await this.#turn(stop))) return null;
		return () => this.#release();
	}

	#release(): void {
		const [next] = this.#waiting;
		if (next === undefined) this.#free++;
		else next();
	}

	async #turn(stop: AbortSignal): Promise<boolean> {
		const { promise, resolve } = Promise.withResolvers<boolean>();
		const mine = () => {
			this.#waiting.delete(mine);
			resolve(true);
		};
		const giveUp = () => {
			this.#waiting.delete(mine);
			resolve(false);
		};
		this.#waiting.add(mine);
		stop.addEventListener("abort", giveUp);
		try {
			if (stop.aborted) giveUp();
			return await promise;
		} finally {
			stop.removeEventListener("abort", giveUp);
		}
	}
}
