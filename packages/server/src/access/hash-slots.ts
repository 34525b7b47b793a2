import { PathkeeperError, type Randomness, Semaphore } from "@pathkeeper/model";
import { type Argon2id, hashPassword, isPassword } from "@pathkeeper/store";

/** Each hash takes 19 MiB and a thread of the few that files are read with, too. */
const atOnce = 2;
const mostWaiting = 64;

/** Lets a few passwords be hashed at a time, so that a flood of logins cannot stop the server. */
export class HashSlots {
	readonly #slots = new Semaphore(atOnce);
	readonly #argon2id: Argon2id | undefined;

	constructor(argon2id?: Argon2id) {
		this.#argon2id = argon2id;
	}

	/** The hash to keep of a password. Throws LOGIN_LIMITED when too many wait already. */
	async hash(password: string, random: Pick<Randomness, "bytes">): Promise<string> {
		return await this.run(() => hashPassword(password, random, this.#argon2id));
	}

	/** Whether a password fits a hash; null: the hash of nobody. Throws LOGIN_LIMITED when too many wait already. */
	async fits(password: string, hash: string | null): Promise<boolean> {
		return await this.run(() => isPassword(password, hash, this.#argon2id));
	}

	/** Throws LOGIN_LIMITED when too many wait already. */
	async run<T>(hash: () => Promise<T>): Promise<T> {
		if (this.#slots.isFull && this.#slots.waiting >= mostWaiting)
			throw new PathkeeperError("LOGIN_LIMITED", { seconds: 5 }, { retryAfterS: 5 });
		return await this.#slots.within(hash);
	}
}
