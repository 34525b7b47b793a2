/** So many may be inside at a time; the others wait in line. */
export class Places {
	#free: number;
	#waiting: (() => void)[] = [];

	constructor(count: number) {
		this.#free = count;
	}

	/** Resolves with a place taken. `check` is asked before each look at whether one is free; what it throws ends it. */
	async take(check: () => void): Promise<void> {
		for (;;) {
			check();
			if (this.#free > 0) break;
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
		this.#free--;
	}

	give(): void {
		this.#free++;
		this.lookAgain();
	}

	/** Lets those who wait ask their check anew. */
	lookAgain(): void {
		for (const wake of this.#waiting.splice(0)) wake();
	}
}
