import type { Pulse, Pulses } from "../src/index.ts";

/** Loops of an agent, by the first word of the names that they give their pulses. */
export type LoopName = "observe" | "installation" | "lvm" | "apply";

interface Counted {
	/** Rounds that a pause followed. */
	ended: number;
	/** True from the beginning of a round to its pause. */
	isWorking: boolean;
}

/**
 * Counts the rounds of the loops. A test that claims that nothing happens lets a loop complete some rounds first, which
 * takes as long as the machine needs.
 */
export class CountedRounds implements Pulses {
	readonly #loops = new Map<string, Counted>();
	#waiting: (() => void)[] = [];

	loop(name: string): Pulse {
		const counted = this.#of(name);
		return {
			beat: (waitMs) => {
				counted.isWorking = waitMs === undefined;
				if (waitMs === undefined) return;
				counted.ended++;
				for (const wake of this.#waiting.splice(0)) wake();
			},
			rest: () => undefined,
		};
	}

	/** Resolves when this many rounds have begun after the call and have ended. */
	async pass(loop: LoopName, rounds: number): Promise<void> {
		const counted = this.#of(`${loop} (n1)`);
		const enough = counted.ended + rounds + (counted.isWorking ? 1 : 0);
		while (counted.ended < enough) {
			const { promise, resolve } = Promise.withResolvers<void>();
			this.#waiting.push(resolve);
			await promise;
		}
	}

	#of(name: string): Counted {
		const counted = this.#loops.get(name) ?? { ended: 0, isWorking: false };
		this.#loops.set(name, counted);
		return counted;
	}
}
