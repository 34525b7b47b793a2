import type { ChangeLog } from "./change-log.ts";
import type { KeySpace } from "./key-space.ts";

/** Writes of one commit: each transaction that changes something takes one revision, for all its writes. */
export class Changes {
	readonly #keys: KeySpace;
	readonly #log: ChangeLog;
	readonly #now: number;
	#revision: bigint;
	#position = 0;

	constructor(keys: KeySpace, log: ChangeLog, revision: bigint, now: number) {
		this.#keys = keys;
		this.#log = log;
		this.#revision = revision;
		this.#now = Math.trunc(now);
	}

	/** Revision of the store after what was written so far. */
	get revision(): bigint {
		return this.#revision;
	}

	/** The writes that follow belong to another transaction than those before. */
	begin(): void {
		this.#position = 0;
	}

	put(key: string, value: Uint8Array, lease: string | null): void {
		const revision = this.#take();
		this.#keys.put(key, value, revision, lease);
		this.#log.add(revision, this.#position, this.#now, key, value);
	}

	delete(key: string): void {
		if (!this.#keys.delete(key)) return;
		const revision = this.#take();
		this.#log.add(revision, this.#position, this.#now, key, null);
	}

	/** Deletes keys as one transaction of its own. */
	deleteAll(keys: readonly string[]): void {
		this.begin();
		for (const key of keys) this.delete(key);
	}

	#take(): bigint {
		if (this.#position === 0) this.#revision++;
		this.#position++;
		return this.#revision;
	}
}
