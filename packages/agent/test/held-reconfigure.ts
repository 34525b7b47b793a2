import type { SimulateHostOptions } from "@pathkeeper/simulator";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";

type Clock = NonNullable<SimulateHostOptions["clock"]>;

/** A length by which the wait of a reconfigure can be told from the other waits of a simulated host. */
const reconfigureMs = 10.5;

/** Lets a test decide when a simulated multipathd finishes a reconfigure; `options` are those of the host. */
export class HeldReconfigure {
	#isHeld = false;
	readonly #waiting = new Set<() => void>();
	readonly options: { readonly reconfigureMs: number; readonly clock: Clock };

	constructor() {
		const schedule: Clock["schedule"] = (ms, run) => {
			if (ms === reconfigureMs && this.#isHeld) {
				this.#waiting.add(run);
				return () => void this.#waiting.delete(run);
			}
			return realRuntime.schedule(ms, run);
		};
		this.options = { reconfigureMs, clock: { now: () => realRuntime.now(), schedule } };
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
