import type { Storage } from "@pathkeeper/model";
import type { StorageCall } from "./plugin.ts";

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
