import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { ManualRuntime } from "../../../model/test/runtime/manual-runtime.ts";
import { type EmbeddedStore, openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import type { Store } from "../../src/store.ts";
import { temporaryFolder } from "../embedded/bench.ts";

/** A real store for each test, with time moved by hand. */
export function storePerTest(): {
	readonly store: Store;
	readonly timing: ManualRuntime;
	compact(): Promise<void>;
} {
	let opened: { store: EmbeddedStore; timing: ManualRuntime; remove: () => void } | null = null;
	beforeEach(async () => {
		const folder = temporaryFolder();
		const timing = new ManualRuntime();
		const store = await openEmbeddedStore({ runtime: timing, path: join(folder.path, "store.db") });
		opened = { store, timing, remove: () => folder.remove() };
	});
	afterEach(async () => {
		await opened?.store.close();
		opened?.remove();
	});
	const now = () => {
		if (opened === null) throw new Error("there is a store only while a test runs");
		return opened;
	};
	return {
		get store() {
			return now().store;
		},
		get timing() {
			return now().timing;
		},
		async compact() {
			await now().store.compact((await now().store.list("")).revision);
		},
	};
}

/** Lets committed work of other parts of the process go on. */
export async function settle(): Promise<void> {
	for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
}
