import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type Snapshot, watchPrefix } from "../../src/documents/watch-prefix.ts";
import type { ChangeSet, Listing, Store } from "../../src/store.ts";
import { contents, put, remove, text, write } from "../contract/tools.ts";
import { settle, storePerTest } from "./document-store.ts";

const shared = storePerTest();

const shown = ({ entries }: Snapshot) => entries.map(({ key, value }) => `${key}=${text(value)}`).join(" ");

/** A real store whose lists and watches fail while it is down. */
function shaky(store: Store): { readonly store: Store; down: boolean; lists: number; breakWatches(): void } {
	let broken = new AbortController();
	const unavailable = () => new PathkeeperError("STORE_UNAVAILABLE", { problem: "it is down" });
	const state = {
		down: false,
		lists: 0,
		breakWatches: () => {
			broken.abort();
			broken = new AbortController();
		},
		store: {
			get: (key: string) => store.get(key),
			txn: (txn: Parameters<Store["txn"]>[0]) => store.txn(txn),
			lease: (ttlMs: number) => store.lease(ttlMs),
			compact: (revision: bigint) => store.compact(revision),
			space: () => store.space(),
			close: () => store.close(),
			async list(prefix: string): Promise<Listing> {
				state.lists++;
				if (state.down) throw unavailable();
				return await store.list(prefix);
			},
			async *watch(prefix: string, from: bigint, signal: AbortSignal): AsyncGenerator<ChangeSet, void, void> {
				const here = broken.signal;
				if (state.down) throw unavailable();
				yield* store.watch(prefix, from, AbortSignal.any([signal, here]));
				if (!signal.aborted) throw unavailable();
			},
		},
	};
	return state;
}

/** Follows a prefix as a loop does; `sleep` ends at once and is counted. */
function follow(store: Store, prefix: string) {
	const stop = new AbortController();
	const snapshots: Snapshot[] = [];
	const pauses: number[] = [];
	const problems: unknown[] = [];
	const options = {
		signal: stop.signal,
		runtime: {
			monotonic: () => shared.timing.monotonic(),
			sleep: async (ms: number) => {
				pauses.push(ms);
				await settle();
			},
		},
		onProblem: (problem: unknown) => problems.push(problem),
	};
	const done = (async () => {
		for await (const snapshot of watchPrefix(store, prefix, options)) snapshots.push(snapshot);
	})();
	return {
		snapshots,
		pauses,
		problems,
		last: () => snapshots.at(-1),
		async until(expected: string) {
			for (let turns = 0; turns < 500; turns++) {
				const last = snapshots.at(-1);
				if (last && shown(last) === expected) return;
				await settle();
			}
			throw new Error(`it never was ${expected}`);
		},
		async end() {
			stop.abort();
			await done;
		},
	};
}

describe("watching a prefix", () => {
	test("gives what stands there first, empty or not, then each change as a whole", async () => {
		const watched = follow(shared.store, "a/");
		await watched.until("");
		await write(shared.store, put("a/2", "x"), put("b", "x"), put("a/1", "x"));
		await watched.until("a/1=x a/2=x");
		const revision = await write(shared.store, remove("a/2"), put("a/3", "y"));
		await watched.until("a/1=x a/3=y");
		expect(watched.last()?.revision).toBe(revision);
		await write(shared.store, put("b", "y"));
		await settle();
		expect(watched.snapshots).toHaveLength(3);
		await watched.end();
	});

	test("gives who is slow the newest, not each", async () => {
		const stop = new AbortController();
		const snapshots = watchPrefix(shared.store, "", { signal: stop.signal, runtime: realRuntime });
		await snapshots.next();
		for (let n = 0; n < 50; n++) await write(shared.store, put("a", String(n)));
		await settle();
		const { value } = await snapshots.next();
		expect(value && shown(value)).toBe("a=49");
		const waiting = snapshots.next();
		await settle();
		stop.abort();
		expect(await waiting).toEqual({ done: true, value: undefined });
	});

	test("may be left by its reader", async () => {
		await write(shared.store, put("a", "1"));
		for await (const snapshot of watchPrefix(shared.store, "", {
			signal: new AbortController().signal,
			runtime: realRuntime,
		})) {
			expect(shown(snapshot)).toBe("a=1");
			break;
		}
	});

	test("goes on over errors, waits longer each time, and tells of trouble and its end", async () => {
		const shakyStore = shaky(shared.store);
		shakyStore.down = true;
		const watched = follow(shakyStore.store, "");
		for (let turns = 0; watched.pauses.length < 9 && turns < 500; turns++) await settle();
		expect(watched.pauses.slice(0, 9)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
		expect(watched.snapshots).toEqual([]);
		await write(shared.store, put("a", "1"));
		shakyStore.down = false;
		await watched.until("a=1");
		expect(watched.problems[0]).toMatchObject({ code: "STORE_UNAVAILABLE" });
		expect(watched.problems.at(-1)).toBeNull();
		const pauses = watched.pauses.length;
		shared.timing.advance(60_000);
		shakyStore.down = true;
		shakyStore.breakWatches();
		for (let turns = 0; watched.pauses.length === pauses && turns < 500; turns++) await settle();
		expect(watched.pauses[pauses]).toBe(100);
		await watched.end();
	});

	test("misses nothing that happened while the store was away, and does not repeat what it gave", async () => {
		const shakyStore = shaky(shared.store);
		await write(shared.store, put("a", "1"));
		const watched = follow(shakyStore.store, "");
		await watched.until("a=1");
		shakyStore.down = true;
		shakyStore.breakWatches();
		await settle();
		await write(shared.store, put("b", "1"));
		await write(shared.store, remove("a"));
		await settle();
		expect(watched.snapshots).toHaveLength(1);
		shakyStore.down = false;
		await watched.until("b=1");
		shakyStore.breakWatches();
		const lists = shakyStore.lists;
		for (let turns = 0; shakyStore.lists === lists && turns < 500; turns++) await settle();
		await settle();
		expect(watched.snapshots.map(shown)).toEqual(["a=1", "b=1"]);
		await write(shared.store, put("b", "2"));
		await watched.until("b=2");
		await watched.end();
	});

	test("ends where the store does, however often the past is forgotten", async () => {
		const watched = follow(shared.store, "k/");
		for (let n = 0; n < 60; n++) {
			const writes = [put(`k/${n % 7}`, String(n)), n % 3 === 0 ? remove(`k/${(n + 1) % 7}`) : put("x", "x")];
			await write(shared.store, ...writes);
			if (n % 5 === 0) await shared.compact();
		}
		const expected = Object.entries(await contents(shared.store, "k/")).map(
			([key, value]) => `${key}=${value}`,
		);
		await watched.until(expected.join(" "));
		const revisions = watched.snapshots.map(({ revision }) => revision);
		expect(revisions).toEqual(revisions.toSorted((a, b) => Number(a - b)));
		expect(watched.problems).toEqual([]);
		await watched.end();
	});
});
