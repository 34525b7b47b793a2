import { findStorage, PathkeeperError, readStorageConfig, type Storage } from "@pathkeeper/model";
import { readConfig, withStorageLock } from "@pathkeeper/store";
import { lockNameOf, type StorageCall } from "@pathkeeper/volumes";
import type { WorkCall } from "./work.ts";

/**
 * What plugins are called with, over the stored configuration, or over `config` for a storage that is about to be added.
 */
export async function storageCall(work: WorkCall, config?: string): Promise<StorageCall> {
	const { host, store, registry, clock, holder, log } = work;
	const stop = new AbortController();
	const text = config ?? (await readConfig(store, "storage.cfg")).text;
	const signal = AbortSignal.any([work.signal, stop.signal]);
	let told = 0;
	return {
		host,
		registry,
		config: readStorageConfig(text, registry.types),
		activated: new Map(),
		signal,
		log,
		progress(share) {
			const percent = Math.floor(share * 100);
			if (percent === told) return;
			told = percent;
			log(`progress ${percent}%`);
		},
		sleep: (ms) => clock.sleep(ms, signal),
		now: () => clock.monotonic(),
		locked: (storage, change) =>
			withStorageLock(
				store,
				storage.id,
				{
					lockName: lockNameOf(storage, host.node),
					holder: `${host.node} (${holder})`,
					signal,
					runtime: clock,
					onWait: (other) => log(`waiting for storage '${storage.id}', which is being changed by ${other}`),
				},
				async (locked) => {
					locked.addEventListener("abort", () => stop.abort(locked.reason), { once: true });
					work.onBegun();
					return await change();
				},
			),
	};
}

/** Throws STORAGE_ABSENT. */
export function storageOf(call: StorageCall, id: string): Storage {
	const storage = findStorage(call.config, id);
	if (storage !== null) return storage;
	throw new PathkeeperError("STORAGE_ABSENT", { storage: id.slice(0, 100) });
}
