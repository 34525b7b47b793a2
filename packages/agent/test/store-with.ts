import type { Store } from "@pathkeeper/store";

/** The same store, but that some methods do something else. */
export function storeWith(store: Store, others: Partial<Store>): Store {
	return {
		get: (key) => store.get(key),
		list: (prefix) => store.list(prefix),
		txn: (txn) => store.txn(txn),
		watch: (prefix, fromRevision, signal) => store.watch(prefix, fromRevision, signal),
		lease: (ttlMs) => store.lease(ttlMs),
		close: () => store.close(),
		...others,
	};
}
