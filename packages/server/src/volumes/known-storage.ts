import { PathkeeperError, type Storage } from "@pathkeeper/model";
import type { HandlerContext } from "../context/handler-context.ts";
import { readStorages, spelledSo } from "./read-storages.ts";

/** The storage that a path names. Throws PARAMETER_INVALID in Proxmox VE's words when there is none. */
export async function knownStorage({ store }: HandlerContext, id: string): Promise<Storage> {
	const storage = spelledSo(await readStorages(store), id);
	if (storage === null) throw noSuchStorage();
	return storage;
}

export function noSuchStorage(): PathkeeperError {
	return new PathkeeperError("PARAMETER_INVALID", { fields: { storage: "No such storage." } });
}

/** Ids mean the same in any case. */
export function sameId(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}
