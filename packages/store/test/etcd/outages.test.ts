import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { EtcdStore } from "../../src/etcd/etcd-store.ts";
import { type EtcdStoreOptions, openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import { codeOf, contents, put, remove, write } from "../contract/tools.ts";
import { type EtcdProcess, gateway, progressOfWatch, startEtcd } from "./etcd-process.ts";
import { Recorder } from "./recorder.ts";

let etcd: EtcdProcess;
let prefix = "";
const opened: EtcdStore[] = [];

beforeAll(async () => {
	etcd = await startEtcd(
		"--experimental-watch-progress-notify-interval=100ms",
		"--grpc-keepalive-min-time=100ms",
	);
});
beforeEach(() => {
	prefix = `/test-${randomUUID()}/`;
});
afterEach(async () => {
	etcd.thaw();
	await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(async () => await etcd.dispose());

async function open(options: Partial<EtcdStoreOptions> = {}): Promise<EtcdStore> {
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url], prefix, ...options });
	opened.push(store);
	return store;
}

async function restart(): Promise<void> {
	etcd.start();
	await etcd.serving();
}

describe("when etcd is killed", () => {
	test("a watch goes on behind the last transaction, and tells nothing twice", async () => {
		const store = await open();
		const { revision } = await store.list("");
		const recorder = new Recorder(store, "", revision);
		const expected: string[] = [];
		for (let round = 0; round < 3; round++) {
			for (let n = 0; n < 5; n++) {
				const at = await write(store, put("a", `${round}.${n}`), put("b", `${round}.${n}`));
				expected.push(`${at}: a=${round}.${n} b=${round}.${n}`);
			}
			await etcd.killed();
			await restart();
		}
		expect(await recorder.hears(expected.length)).toEqual(expected);
		await recorder.stop();
	});

	test("calls say so while it is gone, and work when it is back", async () => {
		const store = await open();
		await write(store, put("a", "1"));
		await etcd.killed();
		const calls = [store.get("a"), store.list(""), write(store, put("a", "2")), store.lease(5000)];
		expect(new Set(await Promise.all(calls.map(codeOf)))).toEqual(new Set(["STORE_UNAVAILABLE"]));
		const started = await open();
		expect(await codeOf(started.get("a"))).toBe("STORE_UNAVAILABLE");
		await restart();
		expect(await contents(store)).toEqual({ a: "1" });
		expect(await contents(started)).toEqual({ a: "1" });
	});

	test("a lease outlives it", async () => {
		const store = await open();
		const lease = await store.lease(20_000);
		await write(store, put("a", "1", lease));
		await etcd.killed();
		expect(await codeOf(lease.keepAlive())).toBe("STORE_UNAVAILABLE");
		await restart();
		await lease.keepAlive();
		expect(lease.lost.aborted).toBe(false);
		expect(await contents(store)).toEqual({ a: "1" });
		await lease.revoke();
		expect(await contents(store)).toEqual({});
	});

	test("a watch that nobody serves for too long says so", async () => {
		const store = await open({ resumeMs: 300 });
		const { revision } = await store.list("");
		const recorder = new Recorder(store, "", revision);
		await etcd.killed();
		expect(await codeOf(recorder.ended)).toBe("STORE_UNAVAILABLE");
		await restart();
	});
});

describe("when etcd hangs", () => {
	const patience = { connectMs: 500, pingMs: 500, pongMs: 300 };

	test("calls end after their time, and whether a write happened stays open", async () => {
		const store = await open({ callMs: 800, patience });
		const revision = await write(store, put("a", "1"));
		await etcd.freeze();
		const writing = store.txn({ compare: [{ key: "a", revision }], writes: [put("a", "2")] });
		expect(await codeOf(writing)).toBe("STORE_UNAVAILABLE");
		expect(await codeOf(store.get("a"))).toBe("STORE_UNAVAILABLE");
		etcd.thaw();
		const later = await open();
		expect(["1", "2"]).toContain((await contents(later))["a"]);
		expect(Object.keys(await contents(store))).toEqual(["a"]);
	});

	test("a watch says so instead of being silent", async () => {
		const store = await open({ callMs: 800, patience, resumeMs: 500 });
		const { revision } = await store.list("");
		const recorder = new Recorder(store, "", revision);
		await write(store, put("a", "1"));
		await recorder.hears(1);
		await etcd.freeze();
		expect(await codeOf(recorder.ended)).toBe("STORE_UNAVAILABLE");
	});

	test("a watch goes on when it wakes up soon enough", async () => {
		const store = await open({ callMs: 800, patience, resumeMs: 20_000 });
		const { revision } = await store.list("");
		const recorder = new Recorder(store, "", revision);
		await write(store, put("a", "1"));
		await recorder.hears(1);
		await etcd.freeze();
		// Each of these calls waits longer than the store needs to notice that etcd does not respond.
		for (let call = 0; call < 2; call++) expect(await codeOf(store.get("a"))).toBe("STORE_UNAVAILABLE");
		etcd.thaw();
		const other = await open();
		await write(other, put("a", "2"));
		expect((await recorder.hears(2)).map((text) => text.split(" ")[1])).toEqual(["a=1", "a=2"]);
		await recorder.stop();
	});

	test("a lease is lost when its time has passed here, whatever etcd thinks", async () => {
		const store = await open({ callMs: 400, patience });
		const lease = await store.lease(1000);
		const revision = await write(store, put("a", "1", lease));
		await etcd.freeze();
		await new Promise((resolve) => lease.lost.addEventListener("abort", resolve));
		etcd.thaw();
		expect(await codeOf(lease.keepAlive())).toBe("STORE_LEASE_LOST");
		expect(await codeOf(write(store, put("b", "1", lease)))).toBe("STORE_LEASE_LOST");
		expect((await store.list("")).entries.map(({ key }) => key)).not.toContain("b");
		const other = await store.txn({
			compare: [{ key: "a", revision: revision - 1n }],
			writes: [put("b", "1", lease)],
		});
		expect(other.succeeded).toBe(false);
	});
});

describe("a lease that somebody else ended", () => {
	const ended = async (store: EtcdStore) => {
		const lease = await store.lease(60_000);
		await write(store, put("a", "1", lease));
		await gateway(etcd, "lease/revoke", { ID: String(BigInt(`0x${lease.id}`)) });
		expect(await contents(store)).toEqual({});
		return lease;
	};

	test("is found lost by its next sign of life", async () => {
		const lease = await ended(await open());
		expect(await codeOf(lease.keepAlive())).toBe("STORE_LEASE_LOST");
		expect(lease.lost.aborted).toBe(true);
	});

	test("is found lost by the next write with it, of which nothing happens", async () => {
		const store = await open();
		const lease = await ended(store);
		expect(await codeOf(write(store, put("b", "1"), put("c", "1", lease)))).toBe("STORE_LEASE_LOST");
		expect(lease.lost.aborted).toBe(true);
		expect(await contents(store)).toEqual({});
		await lease.revoke();
	});
});

test("a watch of a quiet prefix is not overtaken by compaction", async () => {
	const store = await open();
	const busy = await open({ prefix: `/busy${prefix}` });
	const { revision } = await store.list("");
	const recorder = new Recorder(store, "", revision);
	await write(store, put("a", "1"));
	await recorder.hears(1);
	let latest = revision;
	for (let n = 0; n < 20; n++) latest = await write(busy, put("x", String(n)));
	// etcd reports progress to all watches at the same interval, and a reply arrives after the reports sent before it.
	await progressOfWatch(etcd, 3);
	await store.get("a");
	await gateway(etcd, "kv/compaction", { revision: String(latest), physical: true });
	await etcd.killed();
	await restart();
	await write(store, remove("a"));
	expect((await recorder.hears(2)).map((text) => text.split(" ")[1])).toEqual(["a=1", "-a"]);
	await recorder.stop();
});
