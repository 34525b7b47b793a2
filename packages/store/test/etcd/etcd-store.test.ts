import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { EtcdStore } from "../../src/etcd/etcd-store.ts";
import { type EtcdStoreOptions, openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import { storeLimits } from "../../src/limits.ts";
import { codeOf, contents, put, take, told, write } from "../contract/tools.ts";
import { type EtcdProcess, gateway, startEtcd } from "./etcd-process.ts";
import { Recorder } from "./recorder.ts";

let etcd: EtcdProcess;
const opened: EtcdStore[] = [];
beforeAll(async () => {
	etcd = await startEtcd();
});
afterEach(async () => {
	await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(async () => await etcd.dispose());

async function open(options: Partial<EtcdStoreOptions> = {}): Promise<EtcdStore> {
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url], ...options });
	opened.push(store);
	return store;
}

test("fleets below different prefixes know nothing of each other, nor of other keys", async () => {
	const [ours, others] = [await open({ prefix: "/ours/" }), await open({ prefix: "/ours/others/" })];
	const from = await write(ours, put("a", "1"));
	await write(others, put("a", "2"));
	const base64 = (text: string) => Buffer.from(text).toString("base64");
	for (const key of ["/ours", "/oursa", "/others/a", "/ours/others/ä", "/ours/others/\x7f", "a"])
		await gateway(etcd, "kv/put", { key: base64(key), value: base64("foreign") });
	const one = await write(others, put("b", "3"));
	expect(await contents(others)).toEqual({ a: "2", b: "3" });
	expect(await others.get("c")).toBeNull();
	expect((await take(others, "b", from, 1)).map(told)).toEqual([`${one}: b=3`]);
	expect(await contents(ours, "a")).toEqual({ a: "1" });
});

test("a listing of many pages is of one revision", async () => {
	const store = await open({ prefix: "/pages/" });
	const large = (n: number) => put(`large/${n}`, String(n).repeat(storeLimits.valueBytes / 2));
	for (let n = 0; n < 10; n++) await write(store, large(n));
	for (let n = 0; n < 10; n++)
		await write(store, ...Array.from({ length: 100 }, (_, i) => put(`small/${n}/${i}`, "0")));
	let stop = false;
	const writing = (async () => {
		for (let n = 1; !stop; n++)
			await write(store, put("small/0/0", String(n)), put("small/9/99", String(n)), large(n % 10));
	})();
	for (let n = 0; n < 5; n++) {
		const { entries, revision } = await store.list("");
		expect(entries).toHaveLength(1010);
		const keys = entries.map(({ key }) => key);
		expect(keys).toEqual(keys.toSorted());
		const valueAt = (key: string) => entries.find((entry) => entry.key === key)?.value;
		expect(valueAt("small/0/0")).toEqual(valueAt("small/9/99"));
		for (const entry of entries) expect(entry.revision).toBeLessThanOrEqual(revision);
	}
	stop = true;
	await writing;
});

test("a watch that is far behind gets large transactions whole", async () => {
	const store = await open({ prefix: "/large/" });
	const { revision } = await store.list("");
	const half = storeLimits.valueBytes / 2;
	const expected: string[] = [];
	for (let n = 0; n < 12; n++) {
		const at = await write(store, ...["a", "b", "c"].map((key) => put(key, String(n % 10).repeat(half / 2))));
		expected.push(`${at}: a b c`);
	}
	const heard = await take(store, "", revision, expected.length);
	const keys = heard.map(({ revision: at, changes }) => {
		const names = changes.map((change) => (change.type === "put" ? change.entry.key : "-"));
		return `${at}: ${names.join(" ")}`;
	});
	expect(keys).toEqual(expected);
	for (const { changes } of heard)
		for (const change of changes) expect(change.type === "put" && change.entry.value.length).toBe(half / 2);
});

test("a watch that nobody reads does not hold up the others, nor calls", async () => {
	const store = await open({ prefix: "/unread/" });
	const { revision } = await store.list("");
	const stop = new AbortController();
	const unread = store.watch("", revision, stop.signal)[Symbol.asyncIterator]();
	const read = new Recorder(store, "", revision);
	await write(store, put("n", "first"));
	await unread.next();
	for (let n = 0; n < 30; n++) await write(store, put("large", "x".repeat(900_000)), put("n", String(n)));
	await read.hears(31);
	for (let n = 0; n < 30; n++) {
		const { value } = await unread.next();
		expect(value?.changes).toHaveLength(2);
	}
	stop.abort();
	await read.stop();
});

test("hundreds of writes at once are all done", async () => {
	const store = await open({ prefix: "/many/", writesInFlight: 4 });
	await Promise.all(Array.from({ length: 300 }, (_, n) => write(store, put(`k${n}`, String(n)))));
	expect((await store.list("")).entries).toHaveLength(300);
});

test("what is closed lets go of its leases and of the process", async () => {
	const [store, other] = [await open({ prefix: "/closed/" }), await open({ prefix: "/closed/" })];
	const lease = await store.lease(60_000);
	await write(store, put("leased", "1", lease), put("kept", "1"));
	const { revision } = await store.list("");
	const watching = take(store, "", revision, 1);
	const refused = codeOf(watching);
	await store.close();
	expect(lease.lost.aborted).toBe(true);
	expect(await refused).toBe("STORE_UNAVAILABLE");
	expect(await contents(other)).toEqual({ kept: "1" });
	expect(await codeOf(lease.keepAlive())).toBe("STORE_LEASE_LOST");
	await lease.revoke();
});

test("options that make no sense are refused", async () => {
	const tls = { ca: "/ca.crt" };
	for (const options of [
		{ endpoints: [] },
		{ endpoints: ["127.0.0.1:2379"] },
		{ endpoints: ["http://127.0.0.1:2379/v3"] },
		{ endpoints: ["http://root:secret@127.0.0.1:2379"] },
		{ endpoints: ["http://127.0.0.1:2379"], tls },
		{ endpoints: ["https://127.0.0.1:2379"], tls: { cert: "/client.crt" } },
		{ endpoints: ["http://127.0.0.1:2379"], username: "root" },
		{ endpoints: ["http://127.0.0.1:2379"], prefix: "/pathkeeper" },
		{ endpoints: ["http://127.0.0.1:2379"], prefix: "/path keeper/" },
	])
		expect(await codeOf(openEtcdStore({ runtime: realRuntime, ...options }))).toBe("PARAMETER_INVALID");
});
