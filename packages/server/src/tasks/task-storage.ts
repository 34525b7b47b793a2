import { aclPathOf, parseVolumeId, type RightOnPath, taskTypeOf } from "@pathkeeper/model";
import { maySee } from "../access/see-storage.ts";
import type { Caller } from "../http/caller.ts";

/**
 * What a caller lacks to see a task of a node that they may look at; null when nothing. Work with a storage names it
 * and its volumes: only who may see the storage sees that, and who asked for it. A task that this version does not know
 * counts as such work.
 */
export function lackedForTask(
	{ type, id, user }: { readonly type: string; readonly id: string; readonly user: string },
	caller: Caller,
): RightOnPath | null {
	if (user === caller.user) return null;
	const known = taskTypeOf(type);
	if (known !== null && known.subject !== "storage" && known.subject !== "volume") return null;
	const storage = parseVolumeId(id)?.storage ?? id;
	if (storage === "" || maySee(caller, storage)) return null;
	return { path: aclPathOf("storage", storage), right: "Datastore.Audit" };
}
