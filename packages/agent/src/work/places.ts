/** So many pieces of work may go on at a time; the others wait in line. */
export class Places {
	readonly #count: number;
	#taken = 0;
	readonly #waiting = new Set<() => void>();

	constructor(count: number) {
		this.#count = count;
	}

	get areTaken(): boolean {
		return this.#taken >= this.#count;
	}

	/** Does the work once there is room for it. Throws the reason of the signal when that aborts first. */
	async within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
		signal.throwIfAborted();
		if (this.areTaken) await this.#inLine(signal);
		else this.#taken++;
		try {
			return await work();
		} finally {
			this.#leave();
		}
	}

	/** Who is let in gets the place of who goes, so that nobody passes the line. */
	async #inLine(signal: AbortSignal): Promise<void> {
		const { promise, resolve: enter, reject } = Promise.withResolvers<void>();
		const giveUp = () => {
			if (this.#waiting.delete(enter)) reject(signal.reason);
		};
		this.#waiting.add(enter);
		signal.addEventListener("abort", giveUp, { once: true });
		try {
			await promise;
		} finally {
			signal.removeEventListener("abort", giveUp);
		}
	}

	#leave(): void {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#taken--;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}
