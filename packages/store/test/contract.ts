import { describe } from "vitest";
import type { Store } from "../src/store.ts";
import { durabilityContract } from "./contract/durability.ts";
import { keyContract } from "./contract/keys.ts";
import { leaseContract } from "./contract/leases.ts";
import { fullContract, roomContract, type SmallBench } from "./contract/room.ts";
import { transactionContract } from "./contract/transactions.ts";
import { watchContract } from "./contract/watches.ts";

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

/** What every driver promises; `open` gives a bench with an empty store. */
export function storeContract(driver: string, open: () => Promise<Bench>): void {
	describe(`a store (${driver})`, () => {
		describe("keys", () => keyContract(open));
		describe("transactions", () => transactionContract(open));
		describe("watches", () => watchContract(open));
		describe("leases", () => leaseContract(open));
		describe("durability", () => durabilityContract(open));
		describe("room", () => roomContract(open));
	});
}

/** What every driver promises of a store that is full; `open` gives a bench with an empty store of little room. */
export function fullStoreContract(driver: string, open: () => Promise<SmallBench>): void {
	describe(`a full store (${driver})`, () => fullContract(open));
}
