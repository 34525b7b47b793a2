/**
 * The embedded store beside etcd on loopback, through the same contract: writes one after another and many at once,
 * a listing, and the time from a write to the watch that hears of it. Both sync the disk before they answer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedStore, openEtcdStore, type Store } from "@pathkeeper/store";
import { realRuntime } from "../packages/pathkeeper/src/runtime/real-runtime.ts";
import { startEtcd } from "../packages/store/test/etcd/etcd-process.ts";
import { report, sideBySide } from "./src/measure.ts";

const rounds = 7;
const value = new Uint8Array(1000).fill(120);
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const etcd = await startEtcd();
const stores = {
	embedded: await openEmbeddedStore({ runtime: realRuntime, path: join(folder, "store.db") }),
	etcd: await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url] }),
} as const;

const put = async (store: Store, key: string) => await store.txn({ writes: [{ op: "put", key, value }] });

async function putInTurn(store: Store, count: number): Promise<void> {
	for (let n = 0; n < count; n++) await put(store, `turn/${n % 100}`);
}

async function putAtOnce(store: Store, count: number): Promise<void> {
	await Promise.all(Array.from({ length: count }, (_, n) => put(store, `once/${n}`)));
}

/** Writes a key and waits until a watch heard of it, again and again. */
async function putAndHear(store: Store, count: number): Promise<void> {
	const stop = new AbortController();
	const { revision } = await store.list("heard/none");
	const watch = store.watch("heard/", revision, stop.signal)[Symbol.asyncIterator]();
	for (let n = 0; n < count; n++) {
		const heard = watch.next();
		await put(store, "heard/a");
		await heard;
	}
	stop.abort();
}

/** The same work on both; the embedded store is the base of the ratios. */
async function compare(title: string, work: (store: Store) => Promise<unknown>): Promise<void> {
	const { embedded, etcd: central } = stores;
	report(title, await sideBySide({ embedded: () => work(embedded), etcd: () => work(central) }, rounds));
}

await compare("100 puts of 1 kB, each when the last was answered", (store) => putInTurn(store, 100));
await compare("500 puts of 1 kB at once", (store) => putAtOnce(store, 500));
await compare("100 puts, each heard by a watch before the next", (store) => putAndHear(store, 100));
await compare("a listing of 500 values of 1 kB", (store) => store.list("once/"));

await Promise.all(Object.values(stores).map((store) => store.close()));
await etcd.dispose();
rmSync(folder, { recursive: true, force: true });
