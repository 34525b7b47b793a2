import type { Clock } from "@pathkeeper/simulator";

/** A length by which the wait of a reconfigure can be told from the other waits of a simulated host. */
const reconfigureMs = 10.5;

/** Lets a test decide when a simulated multipathd finishes a reconfigure; `options` are those of the host. */
export class HeldReconfigure {
	#isHeld = false;
	readonly #waiting = new Set<() => void>();
	readonly options: { readonly reconfigureMs: number; readonly clock: Clock };

	constructor() {
		const after: Clock["after"] = (ms, run) => {
			if (ms === reconfigureMs && this.#isHeld) {
				this.#waiting.add(run);
				return () => void this.#waiting.delete(run);
			}
			const timer = setTimeout(run, ms).unref();
			return () => clearTimeout(timer);
		};
		this.options = { reconfigureMs, clock: { now: () => Date.now(), after } };
	}

	/** No reconfigure finishes until `release`. */
	hold(): void {
		this.#isHeld = true;
	}

	/** Finishes what was held; later ones are not held. */
	release(): void {
		this.#isHeld = false;
		for (const run of this.#waiting) run();
		this.#waiting.clear();
	}
}
