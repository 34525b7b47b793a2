import { createSecretKey, type KeyObject } from "node:crypto";
import type { Randomness } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Store } from "../../store.ts";
import { jsonDocument } from "../json-document.ts";
import { accessLayout } from "./access-layout.ts";

const keyBytes = 32;
const document = jsonDocument(Type.Object({ key: Type.String({ pattern: "^[0-9a-f]{64}$" }) }));

/**
 * The key that signs tickets, one for all servers of a fleet: made at first use, then never changed. It comes as a
 * key object, which neither JSON nor a log shows.
 */
export async function ticketKey(store: Store, random: Randomness): Promise<KeyObject> {
	for (;;) {
		const entry = await store.get(accessLayout.ticketKey);
		if (entry !== null) return createSecretKey(document.decode(entry.key, entry.value).key, "hex");
		const value = document.encode({ key: Buffer.from(random.bytes(keyBytes)).toString("hex") });
		await store.txn({
			compare: [{ key: accessLayout.ticketKey, revision: null }],
			writes: [{ op: "put", key: accessLayout.ticketKey, value }],
		});
	}
}
