import { describe, expect, test } from "vitest";
import { password, type Session, serverPerTest } from "./access-server.ts";

const server = serverPerTest();
const jane = "jane@local";
const admin = "admin@local";

/** An administrator by entry, logged in. */
async function administrator(): Promise<Session> {
	await server().user(admin);
	await server().grant(admin, "Administrator", "/");
	return await server().session(admin);
}
async function person(id = jane): Promise<Session> {
	await server().user(id);
	return await server().session(id);
}
const denied = (lacked: string) => ({ status: 403, message: `Permission check failed (${lacked})` });

describe("an administrator", () => {
	test("adds, changes, lists and deletes users", async () => {
		const me = await administrator();
		const created = await server().as(me, "POST", "/access/users", {
			userid: jane,
			password: "another one",
			comment: "DBA",
			expire: 1_900_000_000,
		});
		expect(created).toMatchObject({ status: 200, data: null });
		expect((await server().as(me, "GET", `/access/users/${jane}`)).data).toEqual({
			enable: 1,
			expire: 1_900_000_000,
			comment: "DBA",
			tokens: {},
		});
		expect((await server().as(me, "PUT", `/access/users/${jane}`, { enable: 0 })).status).toBe(200);
		const list = await server().as(me, "GET", "/access/users?enabled=0&full=1");
		expect(list.data).toEqual([
			{ userid: jane, enable: 0, expire: 1_900_000_000, comment: "DBA", "realm-type": "local", tokens: [] },
		]);
		expect((await server().as(me, "DELETE", `/access/users/${jane}`)).status).toBe(200);
		expect(await server().as(me, "GET", `/access/users/${jane}`)).toMatchObject({
			status: 500,
			message: "user 'jane@local' does not exist",
		});
	});

	test("is told of a user who is there already, and of one who is not", async () => {
		const me = await administrator();
		expect(await server().as(me, "POST", "/access/users", { userid: admin })).toMatchObject({
			status: 500,
			message: "user 'admin@local' already exists",
		});
		expect((await server().as(me, "DELETE", "/access/users/nobody@local")).message).toContain(
			"does not exist",
		);
	});

	test.each([
		"jane",
		"ja\nne@local",
		"jane:x@local",
		"jane@local!x",
		"ja\u0000ne@local",
		"jаne@local",
		"a@b@local",
	])("cannot add %j", async (userid) => {
		const me = await administrator();
		expect((await server().as(me, "POST", "/access/users", { userid })).status).toBe(400);
		expect((await server().as(me, "GET", `/access/users/${encodeURIComponent(userid)}`)).status).toBe(400);
	});

	test("cannot touch root@local, who cannot be deleted even by themselves", async () => {
		await server().user("root@local");
		const me = await administrator();
		const refused = denied("user != root@local");
		const body = { userid: "root@local", password: "mine now!", "confirmation-password": password };
		expect(await server().as(me, "PUT", "/access/password", body)).toMatchObject(refused);
		expect(await server().as(me, "PUT", "/access/users/root@local", { enable: 0 })).toMatchObject(refused);
		expect(await server().as(me, "POST", "/access/users/root@local/token/mine", {})).toMatchObject(refused);
		const root = await server().session("root@local");
		expect((await server().as(root, "DELETE", "/access/users/root@local")).status).toBe(400);
	});

	test("who is shut out somewhere cannot become somebody who is not", async () => {
		const me = await administrator();
		await server().grant(admin, "NoAccess", "/storage/s1");
		await person();
		await server().grant(jane, "Auditor", "/storage");
		const refused = denied("/storage/s1, Sys.Audit");
		const body = { userid: jane, password: "mine now!", "confirmation-password": password };
		expect(await server().as(me, "PUT", "/access/password", body)).toMatchObject(refused);
		expect(await server().as(me, "POST", `/access/users/${jane}/token/mine`, {})).toMatchObject(refused);
		expect(await server().as(me, "PUT", `/access/users/${jane}`, { enable: 1 })).toMatchObject(refused);
	});
});

describe("somebody without the privilege", () => {
	test("sees themselves and nobody else, and changes nobody", async () => {
		await server().user("joe@local");
		const me = await person();
		await server().grant(jane, "Operator", "/");
		const list = await server().as(me, "GET", "/access/users");
		expect(list.data).toEqual([{ userid: jane, enable: 1, expire: 0, "realm-type": "local" }]);
		expect((await server().as(me, "GET", `/access/users/${jane}`)).status).toBe(200);
		const refused = denied("/, Permissions.Modify");
		for (const [method, path, body] of [
			["GET", "/access/users/joe@local", undefined],
			["GET", "/access/users/nobody@local", undefined],
			["POST", "/access/users", { userid: "new@local" }],
			["PUT", `/access/users/${jane}`, { expire: 0 }],
			["DELETE", `/access/users/${jane}`, undefined],
			["GET", "/access/users/joe@local/token", undefined],
			["POST", "/access/users/joe@local/token/mine", {}],
			["GET", "/access/audit", undefined],
			["PUT", "/access/password", { userid: "joe@local", password: "mine now!" }],
		] as const)
			expect(await server().as(me, method, path, body)).toMatchObject(refused);
	});

	test("makes tokens of their own, whose secret is shown once", async () => {
		const me = await person();
		const path = `/access/users/${jane}/token/backup`;
		const made = await server().as(me, "POST", path, { comment: "nightly", privsep: 0 });
		expect(made.data).toEqual({
			"full-tokenid": "jane@local!backup",
			info: { expire: 0, privsep: 0, comment: "nightly" },
			value: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
		});
		const info = { expire: 0, privsep: 0, comment: "nightly" };
		expect((await server().as(me, "GET", path)).data).toEqual(info);
		expect((await server().as(me, "PUT", path, { privsep: 1 })).data).toEqual({ ...info, privsep: 1 });
		const listed = await server().as(me, "GET", `/access/users/${jane}/token`);
		expect(listed.data).toEqual([{ tokenid: "backup", ...info, privsep: 1 }]);
		expect((await server().as(me, "DELETE", path)).status).toBe(200);
		expect((await server().as(me, "GET", path)).message).toBe("token 'jane@local!backup' does not exist");
	});
});

describe("a token", () => {
	test("is not its user: it makes no token with more rights, and sets no password", async () => {
		await server().user(jane);
		await server().grant(jane, "Operator", "/");
		const headers = { authorization: await server().token(jane, "backup", { separated: false }) };
		const token = await server().call("POST", `/access/users/${jane}/token/more`, {
			headers,
			body: { privsep: 0 },
		});
		expect(token).toMatchObject(denied("/, Permissions.Modify"));
		const body = { userid: jane, password: "mine now!" };
		expect(await server().call("PUT", "/access/password", { headers, body })).toMatchObject(
			denied("user != token"),
		);
		expect((await server().call("GET", "/access/users", { headers })).data).toEqual([]);
	});

	test("that is separated and may manage users makes no token with all rights of its own user", async () => {
		await server().user(admin);
		await server().grant(admin, "Administrator", "/");
		const headers = { authorization: await server().token(admin, "users", { separated: true }) };
		await server().grant(`${admin}!users`, "Administrator", "/");
		await server().grant(`${admin}!users`, "Auditor", "/storage/s1");
		const more = await server().call("POST", `/access/users/${admin}/token/more`, {
			headers,
			body: { privsep: 0 },
		});
		expect(more).toMatchObject({ status: 403 });
		const widened = await server().call("PUT", `/access/users/${admin}/token/users`, {
			headers,
			body: { privsep: 0 },
		});
		expect(widened).toMatchObject({ status: 403 });
		expect((await server().call("POST", "/access/users", { headers, body: { userid: jane } })).status).toBe(
			200,
		);
	});
});

describe("a password", () => {
	const set = (me: Session, body: object) => server().as(me, "PUT", "/access/password", body);
	const fresh = "a better one";

	test("is changed by its user, who knows the old one, and then ends all their sessions", async () => {
		const me = await person();
		const other = await server().session(jane);
		expect((await set(me, { userid: jane, password: fresh, "confirmation-password": password })).status).toBe(
			200,
		);
		for (const session of [me, other])
			expect((await server().as(session, "GET", "/access/users")).status).toBe(401);
		await server().session(jane, fresh);
		const old = await server().call("POST", "/access/ticket", { body: { username: jane, password } });
		expect(old.status).toBe(401);
	});

	test("is not changed from a screen that was left open", async () => {
		const me = await person();
		expect((await set(me, { userid: jane, password: fresh })).status).toBe(400);
		for (let n = 0; n < 5; n++) {
			const guess = await set(me, { userid: jane, password: fresh, "confirmation-password": `guess ${n}` });
			expect(guess.status).toBe(400);
		}
		const right = await set(me, { userid: jane, password: fresh, "confirmation-password": password });
		expect(right.status).toBe(429);
		expect(server().delays).toHaveLength(5);
	});

	test("of another user is set by who may, and confirms with their own", async () => {
		const me = await administrator();
		await person();
		expect((await set(me, { userid: jane, password: fresh, "confirmation-password": password })).status).toBe(
			200,
		);
		await server().session(jane, fresh);
	});

	test("has at least eight letters", async () => {
		const me = await person();
		expect(
			(await set(me, { userid: jane, password: "seven77", "confirmation-password": password })).status,
		).toBe(400);
	});
});
