import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type EmbeddedStore, openEmbeddedStore } from "../../src/embedded/embedded-store.ts";
import type { Store } from "../../src/store.ts";
import { temporaryFolder } from "../embedded/bench.ts";
import { ManualTiming } from "../embedded/manual-timing.ts";

/** A real store for each test, with time moved by hand. */
export function storePerTest(): {
	readonly store: Store;
	readonly timing: ManualTiming;
	compact(): Promise<void>;
} {
	let opened: { store: EmbeddedStore; timing: ManualTiming; remove: () => void } | null = null;
	beforeEach(async () => {
		const folder = temporaryFolder();
		const timing = new ManualTiming();
		const store = await openEmbeddedStore({ path: join(folder.path, "store.db"), timing });
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
