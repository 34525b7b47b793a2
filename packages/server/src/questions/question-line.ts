import { PathkeeperError, type Runtime } from "@pathkeeper/model";

import type { Party } from "../http/party.ts";

/** How many questions a server puts to one node at a time, and how many wait for that. */
export interface LineLimits {
	readonly atOnce: number;
	/** Of these so many of one user with all tokens, and so many from one address. */
	readonly atOnceOfOwner: number;
	readonly atOnceOfAddress: number;
	readonly waiting: number;
	readonly waitingOfOwner: number;
	readonly waitingOfAddress: number;
	/** Whoever waited for so long is sent away, in milliseconds, also when no place became free. */
	readonly waitMs: number;
}

export const usualLineLimits: LineLimits = {
	atOnce: 8,
	atOnceOfOwner: 3,
	atOnceOfAddress: 6,
	waiting: 128,
	waitingOfOwner: 16,
	waitingOfAddress: 64,
	waitMs: 10_000,
};

interface Waiting {
	readonly party: Party;
	readonly enter: () => void;
}

/**
 * The questions of one server to one node. Whoever asks little passes whoever asks much: a free place goes to the user
 * with the fewest questions under way.
 */
export class QuestionLine {
	readonly #node: string;
	readonly #limits: LineLimits;
	readonly #runtime: Pick<Runtime, "schedule">;
	readonly #running = new Set<Party>();
	readonly #waiting: Waiting[] = [];

	constructor(node: string, runtime: Pick<Runtime, "schedule">, limits: LineLimits = usualLineLimits) {
		this.#node = node;
		this.#runtime = runtime;
		this.#limits = limits;
	}

	get isEmpty(): boolean {
		return this.#running.size === 0 && this.#waiting.length === 0;
	}

	/** Does the work once there is a place for the party. Throws NODE_BUSY when too much waits, or it waited too long. */
	async within<T>(party: Party, work: () => Promise<T>): Promise<T> {
		// An object of its own for each piece of work.
		const place = { ...party };
		if (this.#mayEnter(place)) this.#running.add(place);
		else await this.#wait(place);
		try {
			return await work();
		} finally {
			this.#running.delete(place);
			this.#letIn();
		}
	}

	#mayEnter(party: Party): boolean {
		const { atOnce, atOnceOfOwner, atOnceOfAddress } = this.#limits;
		const running = [...this.#running];
		return (
			running.length < atOnce &&
			countOf(running, "owner", party) < atOnceOfOwner &&
			countOf(running, "address", party) < atOnceOfAddress
		);
	}

	async #wait(party: Party): Promise<void> {
		const { waiting, waitingOfOwner, waitingOfAddress, waitMs } = this.#limits;
		const line = this.#waiting.map((other) => other.party);
		if (countOf(line, "owner", party) >= waitingOfOwner)
			throw this.#busy(`${waitingOfOwner} questions of ${party.owner} wait for it already`);
		if (line.length >= waiting || countOf(line, "address", party) >= waitingOfAddress)
			throw this.#busy(`${line.length} questions wait for it already`);
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const own: Waiting = { party, enter: resolve };
		this.#waiting.push(own);
		const stopTimer = this.#runtime.schedule(waitMs, () => {
			const at = this.#waiting.indexOf(own);
			// It was let in at the same moment.
			if (at < 0) return;
			this.#waiting.splice(at, 1);
			reject(this.#busy(`other questions kept it busy for ${waitMs / 1000} s`));
		});
		try {
			await promise;
		} finally {
			stopTimer();
		}
	}

	#letIn(): void {
		for (;;) {
			const running = [...this.#running];
			const ready = this.#waiting.filter(({ party }) => this.#mayEnter(party));
			const [next] = ready.toSorted(
				(one, other) => countOf(running, "owner", one.party) - countOf(running, "owner", other.party),
			);
			if (next === undefined) return;
			this.#waiting.splice(this.#waiting.indexOf(next), 1);
			// Taken here, so that nobody who comes before the work begins gets the same place.
			this.#running.add(next.party);
			next.enter();
		}
	}

	#busy(problem: string): PathkeeperError {
		return new PathkeeperError("NODE_BUSY", { node: this.#node, problem }, { retryAfterS: 5 });
	}
}

function countOf(parties: readonly Party[], by: "owner" | "address", party: Party): number {
	return parties.filter((other) => other[by] === party[by]).length;
}
