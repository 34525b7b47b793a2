import { storeLimits } from "../limits.ts";
import type { Store } from "../store.ts";

/** Deletes any number of keys, as many at a time as a transaction takes; gives how many it asked for. */
export async function deleteAll(store: Store, keys: readonly string[]): Promise<number> {
	for (let from = 0; from < keys.length; from += storeLimits.txnWrites) {
		const some = keys.slice(from, from + storeLimits.txnWrites);
		await store.txn({ writes: some.map((key) => ({ op: "delete", key })) });
	}
	return keys.length;
}
