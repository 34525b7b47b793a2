import { aclPathOf } from "@pathkeeper/model";
import type { Caller } from "../http/caller.ts";

/** Datastore.Audit or Datastore.AllocateSpace on the storage. */
export function maySee(caller: Caller, id: string): boolean {
	const rights = caller.rights(aclPathOf("storage", id));
	return rights.has("Datastore.Audit") || rights.has("Datastore.AllocateSpace");
}
