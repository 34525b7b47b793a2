import type { Host } from "@pathkeeper/host";
import type { Storage, StorageConfig } from "@pathkeeper/model";
import type { Registry } from "./registry.ts";

/**
 * One top-level call: what it works on, how it may be ended, and what it learned so far. Plugins reach the host, the
 * configuration and each other only through it.
 */
export interface StorageCall {
	readonly host: Host;
	readonly registry: Registry;
	readonly config: Pick<StorageConfig, "storages">;
	/** Storages that were activated in this call, by id. */
	readonly activated: Map<string, Promise<void>>;
	readonly signal: AbortSignal;
	/** One line for whoever follows the call. */
	readonly log: (line: string) => void;
	/** How far a long piece of work is, 0 to 1. */
	readonly progress: (share: number) => void;
	/** Resolves after so many milliseconds; rejects when the call is aborted. */
	readonly sleep: (ms: number) => Promise<void>;
	/** Monotonic milliseconds. */
	readonly now: () => number;
	/** Runs while nobody else in the fleet, or on this node, changes what the storage stands on (`lockNameOf`). */
	readonly locked: <T>(storage: Storage, work: () => Promise<T>) => Promise<T>;
}

/**
 * What plugins learn once in a call: `const maps = perCall((call) => call.host.sysfs.kernelMaps())`. A question that
 * failed is not asked again in the same call, so that one dead device costs one deadline.
 */
export function perCall<T>(ask: (call: StorageCall) => Promise<T>): PerCall<T> {
	const answers = new WeakMap<StorageCall["activated"], Promise<T>>();
	return {
		get(call) {
			const answer = answers.get(call.activated) ?? ask(call);
			answers.set(call.activated, answer);
			return answer;
		},
		forget: (call) => void answers.delete(call.activated),
	};
}

/** The same for what is learned of each storage. */
export function perStorage<T>(ask: (call: StorageCall, storage: Storage) => Promise<T>): PerStorage<T> {
	const answers = perCall(() => Promise.resolve(new Map<string, Promise<T>>()));
	return {
		async get(call, storage) {
			const known = await answers.get(call);
			const answer = known.get(storage.id) ?? ask(call, storage);
			known.set(storage.id, answer);
			return await answer;
		},
		forget: answers.forget,
	};
}

export interface PerStorage<T> {
	get(call: StorageCall, storage: Storage): Promise<T>;
	/** What was changed has to be asked anew, of every storage. */
	forget(call: StorageCall): void;
}

export interface PerCall<T> {
	get(call: StorageCall): Promise<T>;
	/** What was changed has to be asked anew. */
	forget(call: StorageCall): void;
}
