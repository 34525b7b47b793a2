import type { Finding } from "@pathkeeper/model";
import { notEncrypted } from "./encrypted.ts";
import type { StoreSettings } from "./open-store.ts";

/** What is wrong with how this host reaches the store. */
export function storeFindings(store: StoreSettings): readonly Finding[] {
	const clear = store.kind === "etcd" ? notEncrypted(store.endpoints) : null;
	if (clear === null) return [];
	const text = `the store ${clear} is reached without encryption (--etcd-insecure): anyone on the network path can read the passwords and change what root does here; give etcd certificates and use https://`;
	return [{ code: "store-in-the-clear", severity: "warning", subject: null, text }];
}
