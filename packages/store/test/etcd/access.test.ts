import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { EtcdStore } from "../../src/etcd/etcd-store.ts";
import { type EtcdStoreOptions, openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import { codeOf, contents, put, remove, take, told, write } from "../contract/tools.ts";
import { temporaryFolder } from "../embedded/bench.ts";
import { Authority, type Certificate } from "./certificates.ts";
import { type EtcdProcess, gateway, startEtcd } from "./etcd-process.ts";
import { Recorder } from "./recorder.ts";

const opened: EtcdStore[] = [];
afterEach(async () => {
	await Promise.all(opened.splice(0).map((store) => store.close()));
});

async function open(etcd: EtcdProcess, options: Partial<EtcdStoreOptions>): Promise<EtcdStore> {
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url], ...options });
	opened.push(store);
	return store;
}

describe("with certificates", () => {
	const folder = temporaryFolder();
	let etcd: EtcdProcess;
	let ours: Authority;
	let foreign: Authority;
	let client: Certificate;

	beforeAll(async () => {
		ours = new Authority(folder.path, "ours");
		foreign = new Authority(folder.path, "foreign");
		client = ours.issue("client");
		const server = ours.issue("server");
		etcd = await startEtcd(
			`--cert-file=${server.cert}`,
			`--key-file=${server.key}`,
			"--client-cert-auth",
			`--trusted-ca-file=${ours.ca}`,
		);
	});
	afterAll(async () => {
		await etcd.dispose();
		folder.remove();
	});

	test("client and server know each other", async () => {
		const store = await open(etcd, { tls: { ca: ours.ca, ...client } });
		const from = await write(store, put("a", "0"));
		const one = await write(store, put("a", "1"));
		expect(await contents(store)).toEqual({ a: "1" });
		expect((await take(store, "", from, 1)).map(told)).toEqual([`${one}: a=1`]);
		const lease = await store.lease(5000);
		await lease.keepAlive();
		await lease.revoke();
	});

	test("nothing is sent to a server of somebody else, nor taken from a client of somebody else", async () => {
		for (const tls of [
			{ ca: foreign.ca, ...client },
			{ ...client },
			{ ca: ours.ca, ...foreign.issue("client") },
			{ ca: ours.ca },
		]) {
			const store = await open(etcd, { tls });
			expect(await codeOf(store.get("a"))).toBe("STORE_UNAVAILABLE");
			expect(await codeOf(write(store, put("foreign", "1")))).toBe("STORE_UNAVAILABLE");
		}
		expect(await contents(await open(etcd, { tls: { ca: ours.ca, ...client } }), "foreign")).toEqual({});
	});

	test("files that are missing or renewed are read again for the next connection", async () => {
		const tls = { ca: ours.ca, cert: join(folder.path, "my.crt"), key: join(folder.path, "my.key") };
		const store = await open(etcd, { tls });
		await expect(store.list("")).rejects.toThrow(tls.cert);
		const wrong = foreign.issue("mine");
		copyFileSync(wrong.cert, tls.cert);
		copyFileSync(wrong.key, tls.key);
		await expect(store.list("")).rejects.toThrow(/alert/);
		copyFileSync(client.cert, tls.cert);
		copyFileSync(client.key, tls.key);
		expect((await store.list("nothing")).entries).toEqual([]);
	});
});

describe("with users", () => {
	const us = { username: "pathkeeper", password: "secret", prefix: "/ours/" };
	let etcd: EtcdProcess;

	beforeAll(async () => {
		etcd = await startEtcd();
		const base64 = (text: string) => Buffer.from(text).toString("base64");
		await gateway(etcd, "auth/user/add", { name: "root", password: "root" });
		await gateway(etcd, "auth/user/grant", { user: "root", role: "root" });
		await gateway(etcd, "auth/role/add", { name: "ours" });
		const perm = { permType: "READWRITE", key: base64("/ours/"), range_end: base64("/ours0") };
		await gateway(etcd, "auth/role/grant", { name: "ours", perm });
		await gateway(etcd, "auth/user/add", { name: us.username, password: us.password });
		await gateway(etcd, "auth/user/grant", { user: us.username, role: "ours" });
		await gateway(etcd, "auth/enable", {});
	});
	afterAll(async () => await etcd.dispose());

	test("a user works below the prefix of its role", async () => {
		const store = await open(etcd, us);
		const from = await write(store, put("a", "0"));
		const one = await write(store, put("a", "1"));
		expect(await contents(store)).toEqual({ a: "1" });
		expect((await take(store, "", from, 1)).map(told)).toEqual([`${one}: a=1`]);
		const lease = await store.lease(5000);
		await write(store, put("leased", "1", lease));
		await lease.keepAlive();
		await lease.revoke();
		expect(await contents(store)).toEqual({ a: "1" });
	});

	test("a user with no more than that role may compact, and ask how full etcd is", async () => {
		const store = await open(etcd, us);
		const first = await write(store, put("compacted", "1"));
		const second = await write(store, put("compacted", "2"));
		await store.compact(second);
		expect(await codeOf(take(store, "", first, 1))).toBe("STORE_COMPACTED");
		expect((await store.space()).size).toBeGreaterThan(0);
		await write(store, remove("compacted"));
	});

	test("who is not allowed is told so, not that the store does not answer", async () => {
		for (const options of [
			{ prefix: us.prefix },
			{ ...us, password: "guessed" },
			{ ...us, username: "nobody" },
			{ ...us, prefix: "/others/" },
		]) {
			const store = await open(etcd, options);
			expect(await codeOf(store.get("a"))).toBe("STORE_DENIED");
			expect(await codeOf(store.list(""))).toBe("STORE_DENIED");
			expect(await codeOf(write(store, put("a", "2")))).toBe("STORE_DENIED");
			expect(await codeOf(take(store, "", 0n, 1))).toBe("STORE_DENIED");
		}
		expect(await contents(await open(etcd, us))).toEqual({ a: "1" });
	});

	test("a token that is no longer taken is renewed, for reads, writes and watches", async () => {
		const store = await open(etcd, us);
		const { revision } = await store.list("");
		const recorder = new Recorder(store, "b", revision);
		await write(store, put("b", "1"));
		await recorder.hears(1);
		// etcd's simple tokens do not outlive it, and go stale with each change of users and roles.
		await etcd.stop();
		etcd.start();
		await etcd.serving();
		await write(store, put("b", "2"));
		const answer = await gateway(etcd, "auth/authenticate", { name: "root", password: "root" });
		const token = String(Object.entries(answer ?? {}).find(([name]) => name === "token")?.[1]);
		await gateway(etcd, "auth/role/add", { name: "another" }, token);
		await write(store, put("b", "3"));
		expect(await contents(store, "b")).toEqual({ b: "3" });
		expect((await recorder.hears(3)).map((line) => line.split(" ")[1])).toEqual(["b=1", "b=2", "b=3"]);
		await recorder.stop();
	});
});
