import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { EtcdStore } from "../../src/etcd/etcd-store.ts";
import { type EtcdStoreOptions, openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import type { Store } from "../../src/store.ts";
import { codeOf, contents, put, write } from "../contract/tools.ts";
import { type EtcdProcess, startEtcdCluster } from "./etcd-process.ts";
import { Recorder } from "./recorder.ts";

let cluster: readonly EtcdProcess[] = [];
const opened: EtcdStore[] = [];

beforeAll(async () => {
	cluster = await startEtcdCluster(3);
});
afterEach(async () => {
	for (const etcd of cluster) etcd.thaw();
	await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(async () => {
	await Promise.all(cluster.map((etcd) => etcd.dispose()));
});

async function open(options: Partial<EtcdStoreOptions> = {}): Promise<EtcdStore> {
	const endpoints = cluster.map(({ url }) => url);
	const store = await openEtcdStore({
		runtime: realRuntime,
		endpoints,
		first: 0,
		callMs: 4000,
		resumeMs: 20_000,
		...options,
	});
	opened.push(store);
	return store;
}

/** Writes until it is known to have happened. */
async function writeSurely(store: Store, key: string, value: string): Promise<void> {
	for (;;) {
		try {
			await write(store, put(key, value));
			return;
		} catch (error) {
			if ((await store.get(key).catch(() => null))?.value.toString() === value) return;
			expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
		}
	}
}

test("whichever member dies, calls and watches go on at another", async () => {
	const store = await open();
	const { revision } = await store.list("");
	const recorder = new Recorder(store, "", revision);
	for (const [n, etcd] of cluster.entries()) {
		await writeSurely(store, `before-${n}`, "1");
		await etcd.killed();
		await writeSurely(store, `after-${n}`, "1");
		expect(Object.keys(await contents(store))).toContain(`after-${n}`);
		etcd.start();
		await etcd.serving();
	}
	await writeSurely(store, "end", "1");
	while (!recorder.heard.at(-1)?.endsWith(": end=1")) await recorder.hears(recorder.heard.length + 1);
	const keys = new Set(recorder.heard.map((line) => line.replace(/^\d+: /, "").replace("=1", "")));
	expect([...keys].sort()).toEqual([
		"after-0",
		"after-1",
		"after-2",
		"before-0",
		"before-1",
		"before-2",
		"end",
	]);
	const revisions = recorder.heard.map((line) => BigInt(line.split(":", 1).join("")));
	expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => Number(a - b)));
	await recorder.stop();
});

test("a member that hangs is left for another, and a lease is kept alive there", async () => {
	const patience = { connectMs: 500, pingMs: 500, pongMs: 300 };
	for (const [first, etcd] of cluster.entries()) {
		const store = await open({ first, patience });
		const lease = await store.lease(20_000);
		await write(store, put("leased", String(first), lease));
		await etcd.freeze();
		await lease.keepAlive();
		await writeSurely(store, "hung", String(first));
		expect(await contents(store, "hung")).toEqual({ hung: String(first) });
		etcd.thaw();
		await lease.revoke();
		expect(await store.get("leased")).toBeNull();
	}
});

test("members that are cut off from the majority answer nothing, and nothing is taken for written", async () => {
	const store = await open({ callMs: 2500, resumeMs: 500 });
	await writeSurely(store, "a", "1");
	const { revision } = await store.list("");
	const recorder = new Recorder(store, "", revision);
	const [, second, third] = cluster;
	await Promise.all([second?.killed(), third?.killed()]);
	expect(await codeOf(write(store, put("a", "2")))).toBe("STORE_UNAVAILABLE");
	expect(await codeOf(store.get("a"))).toBe("STORE_UNAVAILABLE");
	expect(await codeOf(store.list(""))).toBe("STORE_UNAVAILABLE");
	expect(await codeOf(recorder.ended)).toBe("STORE_UNAVAILABLE");
	for (const etcd of [second, third]) etcd?.start();
	await Promise.all([second?.serving(), third?.serving()]);
	const later = await open();
	await writeSurely(later, "healed", "1");
	expect(await contents(later, "healed")).toEqual({ healed: "1" });
});
