import { Type } from "typebox";
import type { Store } from "../store.ts";
import { jsonDocument } from "./json-document.ts";
import { layout } from "./layout.ts";

const document = jsonDocument(Type.Object({ id: Type.String({ pattern: "^[0-9a-z-]{1,64}$" }) }));

/**
 * Which fleet a store is of: a text that is made once, with the store's first use, and never changes. An agent keeps
 * it beside its ledger: what a store of another id does not want (a new one after the old file was lost, say) is no
 * wish to take away what was put there for this one. `newId` gives an id for a store that has none, such as a UUID.
 */
export async function fleetId(store: Store, newId: () => string): Promise<string> {
	for (;;) {
		const entry = await store.get(layout.fleet);
		if (entry !== null) return document.decode(entry.key, entry.value).id;
		const value = document.encode({ id: newId() });
		await store.txn({
			compare: [{ key: layout.fleet, revision: null }],
			writes: [{ op: "put", key: layout.fleet, value }],
		});
	}
}
