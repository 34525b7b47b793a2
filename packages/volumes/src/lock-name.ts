import { baseOf, type Storage } from "@pathkeeper/model";

/** True: what other nodes do can change the storage. Every node sees a LUN, whether or not `shared` says so. */
export function isFleetWide(storage: Storage): boolean {
	return storage.shared || baseOf(storage) !== null;
}

/**
 * The name of a storage's lock. It is what is written that is locked: the volume that the storage stands on, else its
 * volume group, else the storage itself; so two storages on one LUN or in one group have one lock. What only this node
 * has gets a lock of its own: two of its tasks must not meet either.
 */
export function lockNameOf(storage: Storage, node: string): string {
	const name = baseOf(storage)?.volname ?? storage.values["vgname"] ?? storage.id;
	return isFleetWide(storage) ? name : `${name}@${node}`;
}
