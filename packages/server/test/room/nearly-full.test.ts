/** What goes and what does not when the store runs out of room, over the whole API and on both kinds of store. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { auditWrite, openEmbeddedStore, openEtcdStore, type Store } from "@pathkeeper/store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { defragmentAndDisarm } from "../../../store/test/etcd/bench.ts";
import { type EtcdProcess, startEtcd } from "../../../store/test/etcd/etcd-process.ts";
import { makeRoom } from "../../src/history/store-keeper.ts";
import { fullnessOf } from "../../src/room/fullness.ts";
import { AccessServer, type Session } from "../access/access-server.ts";

const mebibyte = 1024 * 1024;
const wwid = "360014050000000000000000000000001";
const page = new Uint8Array(150_000).fill(120);

interface Place {
	readonly store: Store;
	readonly etcd: EtcdProcess | null;
	close(): Promise<void>;
}

async function embedded(): Promise<Place> {
	const folder = mkdtempSync(join(tmpdir(), "pathkeeper-room-"));
	const store = await openEmbeddedStore({
		runtime: realRuntime,
		path: join(folder, "store.db"),
		quota: 8 * mebibyte,
	});
	return {
		store,
		etcd: null,
		close: async () => {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function etcd(): Promise<Place> {
	const quota = 32 * mebibyte;
	const member = await startEtcd(`--quota-backend-bytes=${quota}`);
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: [member.url], quota });
	return {
		store,
		etcd: member,
		close: async () => {
			await store.close();
			await member.dispose();
		},
	};
}

describe.each([
	["embedded", embedded],
	["etcd", etcd],
] as const)("a store that runs out of room (%s)", (_, open) => {
	let place: Place;
	let server: AccessServer;
	let root: Session;
	let jane: string;
	beforeEach(async () => {
		place = await open();
		server = new AccessServer(place.store, { whole: true });
		for (const user of ["root@local", "jane@local", "joe@local"]) await server.user(user);
		await server.grant("jane@local", "Operator", "/");
		jane = await server.token("jane@local", "tool", { separated: false });
		root = await server.session("root@local");
	});
	afterEach(async () => {
		await server.app.close();
		await server.live.close();
		await place.close();
	});

	const allow = () => server.as(root, "POST", "/cluster/multipath/wwids", { wwid });
	/** Writes as agents do, until the store is as full as that. */
	const fill = async (until: "reserved" | "full") => {
		for (let n = 0; n < 2000; n++) {
			const { used, quota, ...rest } = await place.store.space();
			if (until === "reserved" && fullnessOf({ used, quota, ...rest }) === "reserved") return;
			try {
				await place.store.txn({ writes: [{ op: "put", key: `fill/${n}`, value: page }] });
			} catch (error) {
				expect(error).toMatchObject({ code: "STORE_FULL" });
				return;
			}
			// etcd counts with each commit of its file, every 100 ms: this keeps the filling from overtaking that.
			if (until === "reserved" && used > 0.75 * quota) await delay(110);
		}
		throw new Error("it does not fill");
	};
	const empty = async () => {
		for (;;) {
			const { entries, revision } = await place.store.list("fill/", 50);
			if (entries.length === 0) return await place.store.compact(revision);
			await place.store.txn({ writes: entries.map(({ key }) => ({ op: "delete", key })) });
		}
	};
	const findings = async () => (await server.as(root, "GET", "/cluster/multipath/findings")).data;

	test("keeps its last tenth for deleting, disabling and revoking; agents go on", async () => {
		expect((await allow()).status).toBe(200);
		expect(await findings()).toEqual([]);
		await fill("reserved");
		// It is asked again after a moment only.
		const refused = await vi.waitFor(
			async () => {
				const answer = await server.as(root, "PUT", `/cluster/multipath/wwids/${wwid}`, { comment: "x" });
				expect(answer.status).toBe(507);
				return answer;
			},
			{ timeout: 60_000, interval: 100 },
		);
		expect(refused.message).toMatch(
			/^nothing was changed, because the store is nearly full \(.* of .* used, [89]\d %/,
		);
		expect(refused.message).toContain("deleting, disabling and revoking");
		expect(await findings()).toMatchObject([{ code: "store-nearly-full", severity: "error" }]);
		const status = await server.as(root, "GET", "/cluster/multipath/status");
		expect(status.data).toMatchObject({ findings: [{ code: "store-nearly-full" }] });

		const refusals = [
			await server.as(root, "POST", "/access/users", { userid: "new@local" }),
			await server.as(root, "PUT", "/access/users/jane@local", { comment: "x" }),
			await server.as(root, "PUT", "/access/users/jane@local", { enable: 1 }),
			await server.as(root, "PUT", "/access/acl", { path: "/", roles: "Auditor", users: "joe@local" }),
			await server.as(root, "POST", "/access/users/jane@local/token/more", {}),
			await server.as(root, "POST", "/storage", { storage: "san", type: "multipath" }),
		];
		expect(refusals.map(({ status: code }) => code)).toEqual(refusals.map(() => 507));

		const session = await server.session("joe@local");
		expect((await server.as(session, "GET", "/access/users")).status).toBe(200);
		expect(
			(await server.call("GET", "/cluster/multipath/status", { headers: { authorization: jane } })).status,
		).toBe(200);
		const done = [
			await server.as(root, "DELETE", "/access/users/jane@local/token/tool"),
			await server.as(root, "PUT", "/access/acl", {
				path: "/",
				roles: "Operator",
				users: "jane@local",
				delete: 1,
			}),
			await server.as(root, "PUT", "/access/users/jane@local", { enable: 0 }),
			await server.as(root, "PUT", "/access/password", {
				userid: "joe@local",
				password: "another password",
				"confirmation-password": "correct horse",
			}),
			await server.as(root, "DELETE", "/access/users/joe@local"),
		];
		expect(done.map(({ status: code, message }) => [code, message])).toEqual(done.map(() => [200, ""]));
		expect(
			(await server.call("GET", "/cluster/multipath/status", { headers: { authorization: jane } })).status,
		).toBe(401);
		await place.store.txn({ writes: [{ op: "put", key: "report/n1", value: page }] });

		await empty();
		await vi.waitFor(
			async () => {
				await place.store.txn({ writes: [{ op: "put", key: "report/n1", value: new Uint8Array(10) }] });
				expect((await server.as(root, "PUT", "/access/users/jane@local", { comment: "x" })).status).toBe(200);
			},
			{ timeout: 60_000, interval: 100 },
		);
		if (place.etcd !== null) {
			// Its file stays as large as it was, which is nothing to worry about as long as much of it is free.
			expect(await findings()).toMatchObject([{ code: "store-nearly-full", severity: "warning" }]);
			await defragmentAndDisarm(place.etcd);
		}
		await vi.waitFor(async () => expect(await findings()).toEqual([]), { timeout: 60_000, interval: 100 });
		expect(server.faults).toEqual([]);
	});

	test("that is full says so with what is left to do, lets itself be trimmed, and works again after that", async () => {
		const dayMs = 24 * 60 * 60_000;
		const record = (days: number) => {
			const about = { what: "test", subject: "", before: null, after: null };
			return auditWrite({ by: "test", from: null, at: server.nowMs - days * dayMs, ...about }, `${days}`);
		};
		await place.store.txn({ writes: [1, 89, 91, 200, 400].map(record) });
		await fill("full");
		const answer = await vi.waitFor(
			async () => {
				const refused = await allow();
				expect(refused.status).toBe(507);
				expect(refused.message).toContain("the store is full");
				return refused;
			},
			{ timeout: 60_000, interval: 100 },
		);
		expect(await findings()).toMatchObject([{ code: "store-full", severity: "error" }]);
		if (place.etcd !== null) {
			expect(answer.message).toContain("NOSPACE");
			const text = expect.stringMatching(
				/etcdctl \S+ compaction \d+, then etcdctl \S+ defrag, then etcdctl \S+ alarm disarm$/,
			);
			expect(await findings()).toMatchObject([{ text }]);
			// A record of it does not fit any more, and without one nothing is changed.
			expect((await server.as(root, "DELETE", "/access/users/joe@local")).status).toBe(507);
			await expect(place.store.lease(10_000)).rejects.toMatchObject({ code: "STORE_FULL" });
		}

		const from = (await place.store.list("")).revision - 5n;
		await makeRoom({ store: place.store, runtime: { now: () => server.nowMs }, auditDays: 365 });
		const kept = (await place.store.list("audit/")).entries.filter(({ value }) =>
			new TextDecoder().decode(value).includes('"test","subject":""'),
		);
		expect(kept.map(({ key }) => key.split("-")[1])).toEqual(["89", "1"]);
		const watching = place.store.watch("", from, new AbortController().signal)[Symbol.asyncIterator]();
		await expect(watching.next()).rejects.toMatchObject({ code: "STORE_COMPACTED" });

		await empty();
		if (place.etcd !== null) await defragmentAndDisarm(place.etcd);
		await vi.waitFor(async () => expect((await allow()).status).toBe(200), {
			timeout: 60_000,
			interval: 100,
		});
		expect((await server.as(root, "DELETE", "/access/users/joe@local")).status).toBe(200);
		expect(await findings()).toEqual([]);
	});
});
