import { describe, expect, test } from "vitest";
import { type Answer, browser, cookie, password, type Session, serverPerTest } from "./access-server.ts";

const server = serverPerTest();
const jane = "jane@local";
const hour = 3600_000;

const look = (session: Session) => server().as(session, "GET", "/access/users");
const logOut = (session: Session, query = "") => server().as(session, "DELETE", `/access/ticket${query}`);
const renew = (session: Session) => server().session(jane, session.ticket);
const addToken = (session: Session, name: string, more: object = {}) =>
	server().as(session, "POST", `/access/users/${jane}/token/${name}`, { privsep: 0, ...more });

function missing(answer: Answer): string {
	return answer.status === 400 ? answer.text : `${answer.status}`;
}

describe("logging out", () => {
	test("ends the session with all its tickets, at once, and no other", async () => {
		await server().user(jane);
		const [one, other] = [await server().session(jane), await server().session(jane)];
		server().nowMs += hour;
		const renewed = await renew(one);
		expect((await logOut(renewed)).status).toBe(200);
		for (const gone of [one, renewed])
			expect(await look(gone)).toMatchObject({
				status: 401,
				message: "permission denied - invalid PVE ticket",
			});
		await expect(renew(renewed)).rejects.toThrow("401");
		expect((await look(other)).status).toBe(200);
		expect(server().events.at(-1)?.what).not.toBe("login failed");
		expect(server().events.map(({ what }) => what)).toContain("logout");
	});

	test("everywhere ends all sessions of that user, and of nobody else", async () => {
		await server().user(jane);
		await server().user("joe@local");
		const sessions = [await server().session(jane), await server().session(jane)];
		const joe = await server().session("joe@local");
		expect((await logOut(sessions[0] ?? joe, "?all=1")).status).toBe(200);
		for (const gone of sessions) expect((await look(gone)).status).toBe(401);
		expect((await look(joe)).status).toBe(200);
		expect((await look(await server().session(jane))).status).toBe(200);
	});

	test("takes the token against cross-site requests, and no API token", async () => {
		await server().user(jane);
		const session = await server().session(jane);
		const bare = await server().call("DELETE", "/access/ticket", { headers: cookie(session.ticket) });
		expect(bare).toMatchObject({ status: 401, message: "Permission denied - invalid csrf token" });
		const authorization = await server().token(jane, "tool", { separated: false });
		const byToken = await server().call("DELETE", "/access/ticket?all=1", { headers: { authorization } });
		expect(byToken.status).toBe(403);
		expect((await look(session)).status).toBe(200);
	});

	test("hundreds of times keeps no more than some keys, and still ends each session", async () => {
		await server().user(jane);
		for (let count = 0; count < 70; count++) {
			const session = await server().session(jane);
			expect((await logOut(session)).status).toBe(200);
			expect((await look(session)).status).toBe(401);
			// What users may change of their own comes back at one a minute.
			server().nowMs += 60_000;
		}
		expect((await server().store.list("access/ended-session/")).entries.length).toBeLessThanOrEqual(64);
		server().nowMs += 13 * hour;
		await logOut(await server().session(jane));
		expect((await server().store.list("access/ended-session/")).entries).toHaveLength(1);
	});
});

describe("a session", () => {
	test("ends twelve hours after the login, however often its ticket is renewed, and locks nobody out", async () => {
		await server().user(jane);
		let session = await server().session(jane);
		for (let count = 1; count < 12; count++) {
			server().nowMs += hour;
			session = await renew(session);
		}
		expect((await look(session)).status).toBe(200);
		server().nowMs += hour;
		expect((await look(session)).status).toBe(401);
		// A page goes on trying; that counts as no wrong password.
		for (let count = 0; count < 10; count++) await expect(renew(session)).rejects.toThrow("401");
		expect(server().delays).toEqual([]);
		expect((await look(await server().session(jane))).status).toBe(200);
	});
});

describe("a stolen ticket", () => {
	test("makes no token, nor one wider, without the password, five minutes after the login", async () => {
		await server().user(jane);
		let session = await server().session(jane);
		expect((await addToken(session, "early")).status).toBe(200);
		server().nowMs += 300_000;
		session = await renew(session);
		const needed = /confirmation-password.*you logged in more than 5 minutes ago/;
		expect(missing(await addToken(session, "late"))).toMatch(needed);
		const put = (change: object) => server().as(session, "PUT", `/access/users/${jane}/token/early`, change);
		expect(missing(await put({ expire: 0 }))).toMatch(needed);
		expect(missing(await put({ privsep: 0 }))).toMatch(needed);
		expect((await put({ comment: "mine", privsep: 1 })).status).toBe(200);
		const wrong = await addToken(session, "late", { "confirmation-password": "wrong" });
		expect(missing(wrong)).toContain("authentication failure");
		expect((await addToken(session, "late", { "confirmation-password": password })).status).toBe(200);
	});

	test("does not make a user with a password either", async () => {
		await server().user(jane);
		await server().grant(jane, "Administrator", "/");
		const session = await server().session(jane);
		server().nowMs += 300_000;
		const body = { userid: "backdoor@local", password: "let me in again" };
		const add = (more: object = {}) => server().as(session, "POST", "/access/users", { ...body, ...more });
		expect(missing(await add())).toContain("confirmation-password");
		expect((await add({ "confirmation-password": password })).status).toBe(200);
	});
});

describe("a new password", () => {
	test.each([
		[undefined, 200],
		[0, 200],
		[1, 401],
	])("with drop-tokens %s leaves a token that answers %s", async (drop, status) => {
		await server().user(jane);
		const authorization = await server().token(jane, "tool", { separated: false });
		const session = await server().session(jane);
		const changed = await server().as(session, "PUT", "/access/password", {
			userid: jane,
			password: "a new password",
			"confirmation-password": password,
			...(drop === undefined ? {} : { "drop-tokens": drop }),
		});
		expect(changed.status).toBe(200);
		expect((await server().call("GET", "/access/users", { headers: { authorization } })).status).toBe(status);
		expect((await server().call("GET", "/access/users", { headers: browser(session) })).status).toBe(401);
	});
});
