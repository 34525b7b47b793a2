import type { Store } from "@pathkeeper/store";

/** The same store, but that some methods do something else. */
export function storeWith(store: Store, others: Partial<Store>): Store {
	return {
		get: (key) => store.get(key),
		list: (prefix, limit) => store.list(prefix, limit),
		txn: (txn) => store.txn(txn),
		watch: (prefix, fromRevision, signal) => store.watch(prefix, fromRevision, signal),
		lease: (ttlMs) => store.lease(ttlMs),
		compact: (revision) => store.compact(revision),
		space: () => store.space(),
		close: () => store.close(),
		...others,
	};
}
