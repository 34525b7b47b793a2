import { describe } from "vitest";
import type { Bench } from "./contract/bench.ts";
import { durabilityContract } from "./contract/durability.ts";
import { keyContract } from "./contract/keys.ts";
import { leaseContract } from "./contract/leases.ts";
import { fullContract, roomContract, type SmallBench } from "./contract/room.ts";
import { transactionContract } from "./contract/transactions.ts";
import { watchContract } from "./contract/watches.ts";

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
