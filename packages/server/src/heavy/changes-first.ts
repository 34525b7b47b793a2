/** Work that is done one piece after another: changes in the order in which they came, and then all else in its order. */
export class ChangesFirst {
	readonly #changes: (() => void)[] = [];
	readonly #others: (() => void)[] = [];
	#isBusy = false;

	/** Does the work once it has its turn. Throws what the work throws. */
	async within<T>(isChange: boolean, work: () => Promise<T>): Promise<T> {
		if (this.#isBusy) {
			const { promise, resolve } = Promise.withResolvers<void>();
			(isChange ? this.#changes : this.#others).push(resolve);
			await promise;
		}
		this.#isBusy = true;
		try {
			return await work();
		} finally {
			// Stays busy when there is a next one, so that nobody gets in between.
			const next = this.#changes.shift() ?? this.#others.shift();
			if (next === undefined) this.#isBusy = false;
			else next();
		}
	}
}
