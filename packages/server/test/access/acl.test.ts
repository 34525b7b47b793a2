import { readAcl } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { type Session, serverPerTest } from "./access-server.ts";

const server = serverPerTest();
const jane = "jane@local";
const admin = "admin@local";
const denied = (lacked: string) => ({ status: 403, message: `Permission check failed (${lacked})` });

async function person(id: string): Promise<Session> {
	await server().user(id);
	return await server().session(id);
}
const entries = async () =>
	(await readAcl(server().store))
		.map(({ path, subject, role, propagate }) => `${path} ${subject} ${role} ${propagate}`)
		.sort();

describe("entries", () => {
	test("are added, replaced and removed by who holds the privilege there", async () => {
		const me = await person(admin);
		await server().grant(admin, "Administrator", "/");
		await server().user(jane);
		await server().user("joe@local");
		const set = (body: object) => server().as(me, "PUT", "/access/acl", body);
		const before = await entries();
		const added = await set({ path: "/nodes/", roles: "Auditor,Operator", users: `${jane},joe@local` });
		expect(added).toMatchObject({ status: 200, data: null });
		expect((await entries()).filter((line) => !before.includes(line))).toEqual([
			"/nodes jane@local Auditor true",
			"/nodes jane@local Operator true",
			"/nodes joe@local Auditor true",
			"/nodes joe@local Operator true",
		]);
		await set({ path: "/nodes", roles: "Auditor", users: jane, propagate: 0 });
		expect(await entries()).toContain("/nodes jane@local Auditor false");
		await set({ path: "/nodes", roles: "Auditor Operator", users: `joe@local ${jane}`, delete: 1 });
		expect(await entries()).toEqual(before);
	});

	test("are listed where one holds the privilege, and one's own", async () => {
		const me = await person(jane);
		await server().grant(jane, "Administrator", "/storage/s1");
		await server().grant(jane, "Auditor", "/");
		await server().grant("joe@local", "Operator", "/storage/s1");
		await server().grant("joe@local", "Operator", "/");
		await server().grant("jane@local!backup", "Auditor", "/nodes/n1");
		const { data } = await server().as(me, "GET", "/access/acl");
		expect(data).toHaveLength(4);
		expect(data).toEqual(
			expect.arrayContaining([
				{ path: "/storage/s1", type: "user", ugid: jane, roleid: "Administrator", propagate: 1 },
				{ path: "/storage/s1", type: "user", ugid: "joe@local", roleid: "Operator", propagate: 1 },
				{ path: "/", type: "user", ugid: jane, roleid: "Auditor", propagate: 1 },
				{ path: "/nodes/n1", type: "token", ugid: "jane@local!backup", roleid: "Auditor", propagate: 1 },
			]),
		);
	});

	test("give nobody more than who gives them has", async () => {
		const me = await person(jane);
		await server().user("joe@local");
		await server().grant(jane, "Operator", "/");
		await server().grant(jane, "Administrator", "/storage/s1");
		const set = (body: object) => server().as(me, "PUT", "/access/acl", { users: "joe@local", ...body });
		expect((await set({ path: "/storage/s1", roles: "Administrator" })).status).toBe(200);
		expect(await set({ path: "/", roles: "Auditor" })).toMatchObject(denied("/, Permissions.Modify"));
		expect(await set({ path: "/", roles: "Administrator", users: jane })).toMatchObject(
			denied("/, Permissions.Modify"),
		);
		expect(await set({ path: "/nodes/n1", roles: "Auditor" })).toMatchObject(
			denied("/nodes/n1, Permissions.Modify"),
		);
	});

	test("that shut an administrator out are not undone by that administrator, for anybody", async () => {
		const me = await person(admin);
		await server().user(jane);
		await server().grant(admin, "Administrator", "/");
		await server().grant(admin, "NoAccess", "/storage/s1");
		await server().grant(jane, "NoAccess", "/storage/s1");
		await server().grant(jane, "Operator", "/storage");
		const set = (body: object) => server().as(me, "PUT", "/access/acl", body);
		const before = await entries();
		const undo = { path: "/storage/s1", roles: "NoAccess", delete: 1 };
		expect((await set({ ...undo, users: admin })).status).toBe(403);
		expect((await set({ ...undo, users: jane })).status).toBe(403);
		await server().user("joe@local");
		expect(await set({ path: "/", roles: "Auditor", users: "joe@local" })).toMatchObject(
			denied("/storage/s1, Sys.Audit"),
		);
		expect(await entries()).toEqual(before);
	});

	test("for tokens of one's own are made by everybody, and do not lift them above their user", async () => {
		const me = await person(jane);
		await server().user("joe@local");
		await server().token(jane, "backup");
		await server().token("joe@local", "other");
		await server().grant(jane, "Auditor", "/nodes/n1");
		const set = (tokens: string, roles: string, path = "/nodes/n1") =>
			server().as(me, "PUT", "/access/acl", { path, roles, tokens });
		expect((await set("jane@local!backup", "Auditor")).status).toBe(200);
		expect(await set("jane@local!backup", "Operator")).toMatchObject(denied("/nodes/n1, Sys.Modify"));
		expect((await set("jane@local!backup", "Auditor", "/")).status).toBe(403);
		expect(await set("joe@local!other", "Auditor")).toMatchObject(denied("/nodes/n1, Permissions.Modify"));
	});

	test("are not made by a token for its fellow tokens", async () => {
		await server().user(jane);
		await server().grant(jane, "Operator", "/");
		await server().token(jane, "second");
		const headers = { authorization: await server().token(jane, "first", { separated: false }) };
		const body = { path: "/", roles: "Auditor", tokens: "jane@local!second" };
		expect(await server().call("PUT", "/access/acl", { headers, body })).toMatchObject(
			denied("/, Permissions.Modify"),
		);
	});

	test("need a path, role and subject that there are", async () => {
		const me = await person(admin);
		await server().grant(admin, "Administrator", "/");
		const set = (body: object) =>
			server().as(me, "PUT", "/access/acl", { path: "/", roles: "Auditor", users: admin, ...body });
		const before = await entries();
		for (const path of ["", "nodes", "/nodes/*", "/vms/1", "/nodes/n1/x", "/nodes/../storage"])
			expect(await set({ path })).toMatchObject({ status: 400 });
		for (const roles of ["", ",", "auditor", "Auditor,Root", "constructor"])
			expect([400, 500]).toContain((await set({ roles })).status);
		for (const users of ["jane", "jane@local!x", "ja\u0000ne@local", "@all"])
			expect(await set({ users })).toMatchObject({ status: 400 });
		expect(await set({ users: "nobody@local" })).toMatchObject({
			message: "user 'nobody@local' does not exist",
		});
		expect(await set({ tokens: "admin@local!none" })).toMatchObject({
			message: "token 'admin@local!none' does not exist",
		});
		expect((await server().as(me, "PUT", "/access/acl", { path: "/", roles: "Auditor" })).status).toBe(400);
		expect((await set({ groups: "all" })).status).toBe(400);
		expect(await entries()).toEqual(before);
	});
});

describe("the audit", () => {
	test("says who gave what to whom, newest first, to who may ask", async () => {
		const me = await person(admin);
		await server().grant(admin, "Administrator", "/");
		await server().user(jane);
		server().nowMs += 1000;
		await server().as(me, "PUT", "/access/acl", { path: "/nodes/n1", roles: "Auditor", users: jane });
		const { data } = await server().as(me, "GET", "/access/audit?limit=1");
		expect(data).toEqual([
			{
				id: expect.stringMatching(/^\d{15}-/),
				time: server().nowMs / 1000,
				until: server().nowMs / 1000,
				count: 1,
				user: admin,
				from: "127.0.0.1",
				what: "access.acl",
				subject: "/nodes/n1 +Auditor jane@local",
				detail: "+ /nodes/n1 jane@local Auditor true",
				before: expect.stringMatching(/^[0-9a-f]{40}$/),
				after: expect.stringMatching(/^[0-9a-f]{40}$/),
			},
		]);
	});
});
