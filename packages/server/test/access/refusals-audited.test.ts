/** What is refused is recorded, and no stranger fills the store with it. */
import { isUserId } from "@pathkeeper/model";
import { readAudit, requireAudit, type Store } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type Refusal, RefusalTally, refusalCeilings } from "../../src/access/refusal-tally.ts";
import { addressBlock } from "../../src/http/address-group.ts";
import { browser, serverPerTest } from "./access-server.ts";

const server = serverPerTest();
const admin = "admin@local";
const jane = "jane@local";
const minuteMs = 60_000;

async function records(kind?: "login" | "refused") {
	await server().access.refusals.flush();
	return await readAudit(server().store, realRuntime, 10_000, { kind });
}

async function failedLogin(username: string): Promise<void> {
	await server().call("POST", "/access/ticket", { body: { username, password: "wrong one" } });
}

describe("a failed login", () => {
	test("is recorded: one record with a count for a name and a minute, and a new one in the next", async () => {
		await server().user(jane);
		for (let n = 0; n < 3; n++) await failedLogin(jane);
		expect(await records("login")).toMatchObject([
			{ what: "login.failed", by: jane, from: "127.0.0.0/24", count: 3, detail: "wrong password" },
		]);
		await failedLogin(jane);
		expect(await records("login")).toMatchObject([{ by: jane, count: 4 }]);
		server().nowMs += 31 * minuteMs;
		await failedLogin(jane);
		const [last, first] = await records("login");
		expect([last?.count, first?.count]).toEqual([undefined, 4]);
	});

	test("with a name that nobody has is one record with those of all such names, and holds none of them", async () => {
		for (let n = 0; n < 4; n++) await failedLogin(`made-up-${n}@local`);
		await failedLogin("\u202e no name at all");
		const found = await records("login");
		expect(found).toMatchObject([{ by: "unknown", count: 5, detail: "no such user" }]);
		expect(JSON.stringify(found)).not.toContain("made-up");
	});

	test("that is not even tried any more is recorded, too", async () => {
		await server().user(jane);
		for (let n = 0; n < 7; n++) await failedLogin(jane);
		const found = await records("login");
		expect(found.map(({ what, count }) => `${what} ${count}`).sort()).toEqual([
			"login.failed 5",
			"login.limited 2",
		]);
	});

	test("is no transaction of the store", async () => {
		const before = (await server().store.list("audit/")).revision;
		for (let n = 0; n < 5; n++) await failedLogin(`made-up-${n}`);
		expect((await server().store.list("audit/")).revision).toBe(before);
	});
});

describe("a refused request", () => {
	test("of somebody known is recorded by name, with what they asked for and lacked", async () => {
		await server().user(jane);
		const session = await server().session(jane);
		await server().as(session, "PUT", "/nodes/n7/shake");
		await server().as(session, "GET", "/nodes/n8/look?x=1");
		expect(await records("refused")).toMatchObject([
			{
				what: "refused.permission",
				by: jane,
				from: "127.0.0.0/24",
				count: 2,
				subject: "PUT /nodes/n7/shake, GET /nodes/n8/look",
				detail:
					"Permission check failed (/nodes/n7, Sys.Modify), Permission check failed (/nodes/n8, Sys.Audit)",
			},
		]);
	});

	test("that a handler refuses is recorded as well", async () => {
		await server().user(jane);
		const session = await server().session(jane);
		const body = { path: "/", roles: "Administrator", users: jane };
		expect((await server().as(session, "PUT", "/access/acl", body)).status).toBe(403);
		const token = await server().token(jane, "tool", { separated: false });
		const change = { userid: jane, password: "correct horse 2" };
		const headers = { authorization: token };
		expect((await server().call("PUT", "/access/password", { headers, body: change })).status).toBe(403);
		const found = await records("refused");
		expect(found.map(({ by, subject }) => `${by} ${subject}`).sort()).toEqual([
			"jane@local PUT /access/acl",
			"jane@local!tool PUT /access/password",
		]);
	});

	test("of nobody, of a forged ticket, with a wrong secret, from another site: 401 each, and recorded", async () => {
		await server().user(jane);
		const session = await server().session(jane);
		const token = await server().token(jane, "tool");
		const tries = [
			{},
			browser({ ...session, ticket: `${session.ticket}x` }),
			{ authorization: token.replace(/.$/, (last) => (last === "0" ? "1" : "0")) },
			{ ...browser(session), csrfpreventiontoken: "x" },
		];
		for (const headers of tries)
			expect((await server().call("PUT", "/nodes/n7/shake", { headers })).status).toBe(401);
		const found = await records("refused");
		expect(found.map(({ what, by, subject }) => `${what} ${by} ${subject}`).sort()).toEqual([
			"refused.credentials jane@local PUT /nodes/:node/shake",
			"refused.credentials unknown PUT /nodes/:node/shake",
		]);
		expect(found.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(4);
	});

	test("that cannot be written, as the store is full, keeps nobody from reading the audit", async () => {
		await server().user(admin);
		await server().grant(admin, "Administrator", "/");
		const me = await server().session(admin);
		await server().call("PUT", "/nodes/n7/shake");
		const { store } = server();
		const txn = store.txn.bind(store);
		store.txn = () => Promise.reject(new Error("full"));
		expect(await server().as(me, "GET", "/access/audit?kind=access")).toMatchObject({ status: 200 });
		store.txn = txn;
		expect(await records("refused")).toHaveLength(1);
	});

	test("is written at most once in five seconds for who reads the audit", async () => {
		await server().user(admin);
		await server().grant(admin, "Administrator", "/");
		const me = await server().session(admin);
		const counts = async () => {
			const { data } = await server().as(me, "GET", "/access/audit?kind=refused");
			return Array.isArray(data) ? data.map(({ count }) => count) : data;
		};
		await server().call("PUT", "/nodes/n7/shake");
		expect(await counts()).toEqual([1]);
		const { revision } = await server().store.list("");
		for (let n = 0; n < 3; n++) {
			await server().call("PUT", "/nodes/n7/shake");
			expect(await counts()).toEqual([1]);
		}
		server().nowMs += 4999;
		expect(await counts()).toEqual([1]);
		expect((await server().store.list("")).revision).toBe(revision);
		server().nowMs += 1;
		expect(await counts()).toEqual([4]);
	});

	test("is shown at once to who reads the audit, by kind and user, page by page", async () => {
		await server().user(admin);
		await server().grant(admin, "Administrator", "/");
		await server().user(jane);
		const session = await server().session(jane);
		await server().as(session, "PUT", "/nodes/n7/shake");
		const me = await server().session(admin);
		const asked = async (query: string) => (await server().as(me, "GET", `/access/audit?${query}`)).data;
		expect(await asked("kind=refused")).toMatchObject([{ user: jane, what: "refused.permission", count: 1 }]);
		expect(await asked(`kind=refused&user=${admin}`)).toEqual([]);
		expect(await asked(`since=${Math.floor(server().nowMs / 1000) + 1}`)).toEqual([]);
		const seen: unknown[] = [];
		for (let before = ""; ; ) {
			const rows = await asked(`limit=2${before}`);
			if (!Array.isArray(rows) || rows.length === 0) break;
			seen.push(...rows.map(({ id }) => id));
			before = `&before=${encodeURIComponent(String(seen.at(-1)))}`;
		}
		expect(seen).toHaveLength((await server().store.list("audit/")).entries.length);
		expect(new Set(seen).size).toBe(seen.length);
		expect(await server().as(session, "GET", "/access/audit")).toMatchObject({ status: 403 });
	});
});

describe("a stranger with many names and addresses", () => {
	const usual: Refusal = {
		what: "login.failed",
		user: null,
		from: "192.0.2.1",
		proven: false,
		subject: "login",
		detail: "wrong password",
	};
	let now = Date.UTC(2026, 0, 1);
	const tallyOf = (store: Store) => new RefusalTally({ store, runtime: { ...realRuntime, now: () => now } });

	test("gets no more records than the ceilings of an hour and a day, and nothing of it is lost", async () => {
		const tally = tallyOf(server().store);
		let noted = 0;
		for (let hour = 0; hour < 24; hour++) {
			for (let n = 0; n < 1000; n++) {
				const from = `10.${hour}.${n % 256}.${n % 7}`;
				tally.note({ ...usual, from, user: isUserId(`u${n}@local`) ? `u${n}@local` : null });
				noted++;
			}
			await tally.flush();
			const kept = await readAudit(server().store, realRuntime, 10_000);
			expect(kept.length).toBeLessThanOrEqual((refusalCeilings.all.hour + 1) * (hour + 1));
			now += 60 * minuteMs;
		}
		const kept = await readAudit(server().store, realRuntime, 10_000);
		expect(kept.length).toBeLessThanOrEqual(refusalCeilings.all.day + 24);
		expect(kept.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(noted);
		await tally.flush();
		expect(tally.size).toBe(0);
	});

	test("uses up nothing of what is there for known callers, and of one address nothing of others", async () => {
		const tally = tallyOf(server().store);
		for (let n = 0; n < 5000; n++) tally.note({ ...usual, user: `u${n}@local` });
		tally.note({ ...usual, from: "198.51.100.9", user: "root@local" });
		for (let n = 0; n < 5000; n++)
			tally.note({ ...usual, from: `10.${n % 200}.${n % 251}.1`, user: `u${n}@local` });
		tally.note({
			...usual,
			what: "refused.permission",
			user: jane,
			proven: true,
			subject: "PUT /access/acl",
		});
		await tally.flush();
		const kept = await readAudit(server().store, realRuntime, 10_000);
		const ofOne = kept.filter(({ what, from }) => what === "login.failed" && from === "192.0.2.0/24");
		expect(ofOne).toHaveLength(refusalCeilings.source.hour);
		expect(kept).toContainEqual(expect.objectContaining({ by: "root@local", from: "198.51.100.0/24" }));
		expect(kept).toContainEqual(expect.objectContaining({ by: jane, what: "refused.permission" }));
	});

	test("is held in bounded memory while the store does not answer, and written when it does", async () => {
		let answers = false;
		const store: Store = {
			...requireAudit(server().store),
			txn: async (txn) => {
				if (!answers) throw new Error("no answer");
				return await server().store.txn(txn);
			},
		};
		const tally = tallyOf(store);
		for (let minute = 0; minute < 300; minute++) {
			for (let n = 0; n < 20; n++) tally.note({ ...usual, from: `10.${minute % 256}.${n}.1` });
			await expect(tally.flush()).rejects.toThrow("no answer");
			now += minuteMs;
		}
		expect(tally.size).toBeLessThanOrEqual(6 * (refusalCeilings.all.hour + 1));
		answers = true;
		await tally.flush();
		const kept = await readAudit(server().store, realRuntime, 10_000);
		expect(kept.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(6000);
	});

	test("is named by the block of their address", () => {
		const blocks = {
			"192.0.2.77": "192.0.2.0/24",
			"::ffff:192.0.2.77": "192.0.2.0/24",
			"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
			"fe80::1%eth0": "fe80:0:0:0::/64",
		};
		for (const [address, block] of Object.entries(blocks)) expect(addressBlock(address)).toBe(block);
		expect(addressBlock(null)).toBeNull();
	});
});
