import { aclPathOf, parseVolumeId, type RightOnPath } from "@pathkeeper/model";
import { maySee } from "../access/see-storage.ts";
import type { Caller } from "../http/caller.ts";

/**
 * What a caller lacks to see a task of a node that they may look at; null when nothing. Work with a storage names it
 * and its volumes: only who may see the storage sees that, and who asked for it.
 */
export function lackedForTask(
	{ type, id, user }: { readonly type: string; readonly id: string; readonly user: string },
	caller: Caller,
): RightOnPath | null {
	const storage = /^(?:img|storage)/.test(type) ? (parseVolumeId(id)?.storage ?? id) : "";
	if (storage === "" || user === caller.user || maySee(caller, storage)) return null;
	return { path: aclPathOf("storage", storage), right: "Datastore.Audit" };
}
