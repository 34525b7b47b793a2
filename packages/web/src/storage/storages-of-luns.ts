/** Which storages use which LUN, for views of LUNs. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { StorageAnswer } from "./answers.ts";
import { storagesQuery } from "./storage-queries.ts";
import { baseOf } from "./storage-state.ts";

/** IDs of the storages that are built on each LUN, by WWID. */
export type StoragesOfLuns = ReadonlyMap<string, readonly string[]>;

export function storagesOfLuns(stored: readonly StorageAnswer[]): StoragesOfLuns {
	const found = new Map<string, readonly string[]>();
	for (const storage of stored) {
		const wwid = baseOf(storage)?.volname;
		if (wwid !== undefined) found.set(wwid, [...(found.get(wwid) ?? []), storage.storage]);
	}
	return found;
}

/** The same of the fleet; null until the storages are read. */
export function useStoragesOfLuns(): StoragesOfLuns | null {
	const stored = useStorages();
	return useMemo(() => (stored === null ? null : storagesOfLuns(stored)), [stored]);
}

/** The storages that the user may see; null until they are read. */
export function useStorages(): readonly StorageAnswer[] | null {
	const { data } = useQuery({ ...storagesQuery, refetchInterval: 30_000, retry: false });
	return data ?? null;
}
