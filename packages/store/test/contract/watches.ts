import { PathkeeperError } from "@pathkeeper/model";
import { expect, test } from "vitest";
import type { ChangeSet, Store } from "../../src/store.ts";
import type { Bench } from "./bench.ts";
import { benchPerTest, codeOf, contents, put, remove, take, text, told, write } from "./tools.ts";

export function watchContract(open: () => Promise<Bench>): void {
	const bench = benchPerTest(open);

	test("a watch tells what happened after a revision, then what happens", async () => {
		const { store } = bench();
		await write(store, put("a", "before"));
		const from = await write(store, put("a", "0"));
		const one = await write(store, put("a", "1"));
		const watching = take(store, "", from, 4);
		const two = await write(store, put("b", "2"));
		const three = await write(store, remove("a"));
		const four = await write(store, put("a", "4"));
		expect((await watching).map(told)).toEqual([
			`${one}: a=1`,
			`${two}: b=2`,
			`${three}: -a`,
			`${four}: a=4`,
		]);
	});

	test("a watch tells each transaction whole, and of its own prefix only", async () => {
		const { store } = bench();
		const from = await write(store, put("n/old", "0"));
		const watching = take(store, "n/", from, 2);
		await write(store, put("m/1", "other"));
		const one = await write(store, put("n/1", "1"), put("m/1", "other"), remove("n/old"), put("n/2", "2"));
		await write(store, put("n", "other"), put("n0", "other"));
		const two = await write(store, put("n/1", "3"));
		const heard = await watching;
		expect(heard.map(({ revision }) => revision)).toEqual([one, two]);
		expect(heard[0] && told(heard[0]).split(" ").slice(1).sort()).toEqual(["-n/old", "n/1=1", "n/2=2"]);
		expect(heard[1] && told(heard[1])).toBe(`${two}: n/1=3`);
	});

	test("what changes nothing is not told", async () => {
		const { store } = bench();
		const from = await write(store, put("a", "0"));
		await write(store, remove("none"));
		await store.txn({ compare: [{ key: "a", revision: null }], writes: [put("a", "refused")] });
		const one = await write(store, put("a", "1"));
		expect((await take(store, "", from, 1)).map(told)).toEqual([`${one}: a=1`]);
	});

	test("a watch ends when it is stopped, also while nothing happens", async () => {
		const { store } = bench();
		const stop = new AbortController();
		const { revision } = await store.list("");
		const watching = collect(store.watch("", revision, stop.signal));
		await write(store, put("a", "1"));
		await bench().passTime(1);
		stop.abort();
		expect((await watching).length).toBeLessThanOrEqual(1);
		expect(await collect(store.watch("", revision, stop.signal))).toEqual([]);
	});

	test("a watch that nobody reads holds nobody up and misses nothing", async () => {
		const { store } = bench();
		const { revision } = await store.list("");
		const stop = new AbortController();
		const watch = store.watch("", revision, stop.signal)[Symbol.asyncIterator]();
		await write(store, put("a", "0"));
		await watch.next();
		for (let n = 1; n <= 300; n++) await write(store, put("a", String(n)));
		const heard: string[] = [];
		while (heard.length < 300) {
			const next = await watch.next();
			for (const change of next.done ? [] : next.value.changes)
				heard.push(change.type === "put" ? text(change.entry.value) : "-");
		}
		stop.abort();
		expect(heard).toEqual(Array.from({ length: 300 }, (_, n) => String(n + 1)));
	});

	test("watchers hear everything once, in order and whole, while several write", async () => {
		const { store } = bench();
		const { revision } = await store.list("");
		const stop = new AbortController();
		const followers = [0, 1, 2].map(() => follow(store, revision, stop.signal));
		const writers = [0, 1, 2, 3].map((writer) => writePairs(store, writer, 40));
		await Promise.all(writers);
		const late = follow(store, revision, stop.signal);
		await write(store, put("end", "1"));
		const expected = { ...(await contents(store)) };
		for (const follower of [...followers, late]) {
			const { state, transactions } = await follower;
			expect(state).toEqual(expected);
			expect(transactions).toBe(161);
		}
		stop.abort();
	});

	test("a revision that is no longer kept is refused, later ones are not", async () => {
		const { store } = bench();
		const first = await write(store, put("a", "1"));
		const second = await write(store, put("a", "2"));
		const third = await write(store, put("a", "3"));
		await bench().store.compact(second);
		expect(await codeOf(take(store, "", first - 1n, 1))).toBe("STORE_COMPACTED");
		expect((await take(store, "", second, 1)).map(told)).toEqual([`${third}: a=3`]);
		expect(await contents(store)).toEqual({ a: "3" });
	});

	test("a deletion that compaction took away is never passed over in silence", async () => {
		const { store } = bench();
		const before = await write(store, put("a", "1"), put("b", "1"));
		const deleted = await write(store, remove("a"));
		await bench().store.compact(deleted);
		expect(await codeOf(take(store, "", before, 1))).toBe("STORE_COMPACTED");
		const next = await write(store, put("b", "2"));
		expect((await take(store, "", deleted, 1)).map(told)).toEqual([`${next}: b=2`]);
	});

	test("a watch that has heard everything is not disturbed by compaction", async () => {
		const { store } = bench();
		const revision = await write(store, put("a", "0"));
		const stop = new AbortController();
		const watch = store.watch("", revision, stop.signal)[Symbol.asyncIterator]();
		await write(store, put("a", "1"));
		await watch.next();
		const waiting = watch.next();
		await bench().store.compact((await store.list("")).revision);
		const two = await write(store, put("a", "2"));
		const next = await waiting;
		expect(next.done ? null : told(next.value)).toBe(`${two}: a=2`);
		stop.abort();
	});

	test("a revision that the store never reached is refused", async () => {
		const { store } = bench();
		const revision = await write(store, put("a", "1"));
		expect(await codeOf(take(store, "", revision + 1000n, 1))).toBe("STORE_COMPACTED");
	});

	test("listing again after compaction leaves no gap and repeats nothing", async () => {
		const { store } = bench();
		const stop = new AbortController();
		const overtake = async () => await bench().store.compact(await write(store, put("overtaking", "1")));
		const following = followAcrossCompaction(store, stop.signal, overtake);
		const compacting = (async () => {
			for (let n = 0; n < 15; n++) {
				await write(store, put("compacting", String(n)));
				await bench().store.compact((await store.list("")).revision);
			}
		})();
		await Promise.all([compacting, writePairs(store, 0, 60), writePairs(store, 1, 60)]);
		await write(store, put("end", "1"));
		const { state, relisted } = await following;
		expect(relisted).toBeGreaterThan(0);
		expect(state).toEqual(await contents(store));
		stop.abort();
	});

	test("a closed store says so", async () => {
		const { store } = bench();
		const { revision } = await store.list("");
		const watching = take(store, "", revision, 1);
		const refused = codeOf(watching);
		await bench().passTime(1);
		await store.close();
		expect(await refused).toBe("STORE_UNAVAILABLE");
		expect(await codeOf(store.get("a"))).toBe("STORE_UNAVAILABLE");
		expect(await codeOf(store.list(""))).toBe("STORE_UNAVAILABLE");
		expect(await codeOf(write(store, put("a", "1")))).toBe("STORE_UNAVAILABLE");
		expect(await codeOf(store.lease(bench().leaseTtlMs))).toBe("STORE_UNAVAILABLE");
		await store.close();
	});
}

async function collect(watch: AsyncIterable<ChangeSet>): Promise<readonly ChangeSet[]> {
	const heard: ChangeSet[] = [];
	for await (const changeSet of watch) heard.push(changeSet);
	return heard;
}

/** Each transaction writes two keys with one number. */
async function writePairs(store: Store, writer: number, count: number): Promise<void> {
	for (let n = 0; n < count; n++) {
		const slot = n % 5;
		await write(store, put(`left/${writer}/${slot}`, String(n)), put(`right/${writer}/${slot}`, String(n)));
	}
}

/** Applies a watch to an empty state until key `end` is put. */
async function follow(
	store: Store,
	fromRevision: bigint,
	signal: AbortSignal,
): Promise<{ state: Record<string, string>; transactions: number }> {
	const state: Record<string, string> = {};
	let seen = fromRevision;
	let transactions = 0;
	for await (const { revision, changes } of store.watch("", fromRevision, signal)) {
		if (revision <= seen) throw new Error(`revision ${revision} after ${seen}`);
		seen = revision;
		transactions++;
		for (const change of changes)
			if (change.type === "put") state[change.entry.key] = text(change.entry.value);
			else delete state[change.key];
		expectPairs(state);
		if ("end" in state) break;
	}
	return { state, transactions };
}

/**
 * Reads slowly, so that compaction may overtake it, and lists again then. `overtake` lets that happen for sure, once,
 * whatever a driver keeps for watches that are behind.
 */
async function followAcrossCompaction(
	store: Store,
	signal: AbortSignal,
	overtake: () => Promise<void>,
): Promise<{ state: Record<string, string>; relisted: number }> {
	for (let relisted = 0; ; relisted++) {
		const { revision: listed, entries } = await store.list("");
		const state = Object.fromEntries(entries.map(({ key, value }) => [key, text(value)]));
		expectPairs(state);
		if ("end" in state) return { state, relisted };
		let seen = listed;
		if (relisted === 0) await overtake();
		try {
			for await (const { revision, changes } of store.watch("", listed, signal)) {
				if (revision <= seen) throw new Error(`revision ${revision} after ${seen}`);
				seen = revision;
				for (const change of changes)
					if (change.type === "put") state[change.entry.key] = text(change.entry.value);
					else delete state[change.key];
				expectPairs(state);
				if ("end" in state) return { state, relisted };
				for (let turns = 0; turns < 3; turns++) await store.get("a");
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
		} catch (error) {
			if (!(error instanceof PathkeeperError && error.code === "STORE_COMPACTED")) throw error;
		}
	}
}

function expectPairs(state: Readonly<Record<string, string>>): void {
	for (const [key, value] of Object.entries(state))
		if (key.startsWith("left/") && state[key.replace("left/", "right/")] !== value)
			throw new Error(`half a transaction at ${key}`);
}
