import { PathkeeperError } from "@pathkeeper/model";

/** Each hash takes 19 MiB and a thread of the few that files are read with, too. */
const atOnce = 2;
const mostWaiting = 64;

/** Lets a few passwords be hashed at a time, so that a flood of logins cannot stop the server. */
export class HashSlots {
	#running = 0;
	readonly #waiting: (() => void)[] = [];

	/** Throws LOGIN_LIMITED when too many wait already. */
	async run<T>(hash: () => Promise<T>): Promise<T> {
		if (this.#running < atOnce) this.#running++;
		else {
			if (this.#waiting.length >= mostWaiting)
				throw new PathkeeperError("LOGIN_LIMITED", { seconds: 5 }, { retryAfterS: 5 });
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
		try {
			return await hash();
		} finally {
			// Who waited takes over the slot, so the count stays.
			const next = this.#waiting.shift();
			if (next === undefined) this.#running--;
			else next();
		}
	}
}
