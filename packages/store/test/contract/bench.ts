import type { Store } from "../../src/store.ts";

/** An empty store to try, and what may befall it. */
export interface Bench {
	/** The store as it is open now; another one after `reopen` and `killWriter`. */
	readonly store: Store;
	/** Closes the store and opens it again, as a restart does. */
	reopen(): Promise<void>;
	/**
	 * Closes the store, lets another process run `writeForever` on it, kills that (or the store under it) by SIGKILL
	 * after some acknowledgements, and opens the store again. Gives the numbers that were acknowledged.
	 */
	killWriter(afterAcknowledgements: number): Promise<readonly number[]>;
	/** Shortest time to live that is worth asking of a lease, in milliseconds. */
	readonly leaseTtlMs: number;
	/** Lets this much time pass for leases. */
	passTime(ms: number): Promise<void>;
	/** Closes the store and takes it away. */
	dispose(): Promise<void>;
}
