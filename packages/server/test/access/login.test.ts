import { deleteUser, setPassword, updateUser } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { failedLoginDelayMs } from "../../src/access/login.ts";
import { cookie, password, serverPerTest } from "./access-server.ts";

const server = serverPerTest();
const jane = "jane@local";
const logIn = (body: object | string) => server().call("POST", "/access/ticket", { body });

describe("a login", () => {
	test("gives a ticket, a token against cross-site requests and what a screen may offer", async () => {
		await server().user(jane);
		await server().grant(jane, "Auditor", "/");
		const answer = await logIn({ username: jane, password });
		expect(answer.status).toBe(200);
		expect(answer.data).toEqual({
			username: jane,
			ticket: expect.stringMatching(/^PVE:jane@local:[0-9A-F]{8}::/),
			CSRFPreventionToken: expect.stringMatching(/^[0-9A-F]{8}:/),
			cap: {
				dc: { "Sys.Audit": 1 },
				access: {},
				nodes: { "Sys.Audit": 1 },
				storage: { "Datastore.Audit": 1 },
			},
		});
		expect(server().delays).toEqual([]);
	});

	test.each([
		{ username: "jane", realm: "local" },
		{ username: "jane" },
		{ username: "jane@local", "new-format": 1 },
	])("is understood as $username of realm $realm", async (who) => {
		await server().user(jane);
		expect((await logIn({ ...who, password })).status).toBe(200);
	});

	test("is understood as a form, as proxmoxer sends it", async () => {
		await server().user(jane);
		const form = new URLSearchParams({ username: jane, password }).toString();
		expect((await logIn(form)).status).toBe(200);
	});

	test("is written in the log by name and address, without the password", async () => {
		await server().user(jane);
		await logIn({ username: jane, password });
		expect(server().events).toEqual([
			{ what: "login", subject: "login", user: jane, from: "127.0.0.1", detail: "" },
		]);
	});
});

describe("a failed login", () => {
	const attempts = [
		["a wrong password", { username: jane, password: "wrong" }],
		["no password", { username: jane, password: "" }],
		["an unknown user", { username: "nobody@local", password }],
		["another realm", { username: "jane@pam", password }],
		["a realm within a realm", { username: jane, realm: "local", password }],
		["a user without a password", { username: "locked@local", password: "" }],
		["a disabled user", { username: "off@local", password }],
		["an expired user", { username: "past@local", password }],
		["a line break", { username: "jane@local\n", password }],
		["a colon", { username: "jane:x@local", password }],
		["a token's name", { username: "jane@local!backup", password }],
		["two realms", { username: "jane@local@local", password }],
		["NUL", { username: "jane\u0000@local", password }],
		["letters of another script", { username: "jаne@local", password }],
		["nothing", { username: "", password }],
	] as const;

	test.each(attempts)("by %s is told the same, after the same delay", async (_, body) => {
		await server().user(jane);
		await server().user("off@local", { enabled: false });
		await server().user("past@local", { expiresAtS: 1_600_000_000 });
		await logIn({ username: "nobody@local", password: "first" });
		const known = server().delays.length;
		const answer = await logIn(body);
		expect(answer).toMatchObject({ status: 401, message: "authentication failure", data: null });
		expect(server().delays.slice(known)).toEqual([failedLoginDelayMs]);
		const text = JSON.stringify(server().events);
		expect(text).not.toContain(password);
		for (const name of ["nobody", "pam", ":x", "аne"]) expect(text).not.toContain(name);
	});

	test("is delayed by less than clients wait for", () => {
		expect(failedLoginDelayMs).toBeGreaterThanOrEqual(3000);
		expect(failedLoginDelayMs).toBeLessThan(5000);
	});

	test("is let through five times, then told to wait, and the right password with it", async () => {
		await server().user(jane);
		for (let n = 0; n < 5; n++) expect((await logIn({ username: jane, password: "wrong" })).status).toBe(401);
		const answer = await logIn({ username: jane, password });
		expect(answer).toMatchObject({ status: 429, message: "too many login attempts; try again in 30 s" });
		server().nowMs += 30_000;
		expect((await logIn({ username: jane, password })).status).toBe(200);
	});

	test("of an unknown user is limited like that of a known one", async () => {
		const statuses: number[] = [];
		for (let n = 0; n < 6; n++) statuses.push((await logIn({ username: "nobody@local", password })).status);
		expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
	});

	test("does not get further by many at once", async () => {
		await server().user(jane);
		const answers = await Promise.all(
			Array.from({ length: 12 }, () => logIn({ username: jane, password: "wrong" })),
		);
		expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
		expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
	});
});

describe("a renewal", () => {
	const renew = (username: string, ticket: string) => logIn({ username, password: ticket });

	test("takes a good ticket as password, also while failed logins are limited", async () => {
		await server().user(jane);
		const { ticket } = await server().session(jane);
		for (let n = 0; n < 6; n++) await logIn({ username: jane, password: "wrong" });
		server().nowMs += 3600_000 - 60_000;
		const fresh = await server().session(jane, ticket);
		expect(fresh.ticket).not.toBe(ticket);
		server().nowMs += 3600_000 + 60_000; // The first one would be over.
		expect((await server().call("GET", "/access/users", { headers: cookie(ticket) })).status).toBe(401);
		expect((await server().call("GET", "/access/users", { headers: cookie(fresh.ticket) })).status).toBe(200);
	});

	test("takes no ticket of another user, none that is over, and none that was forged", async () => {
		await server().user(jane);
		await server().user("joe@local");
		const { ticket } = await server().session(jane);
		expect((await renew("joe@local", ticket)).status).toBe(401);
		expect((await renew(jane, ticket.replace(/::./, "::!"))).status).toBe(401);
		server().nowMs += 2 * 3600_000;
		expect((await renew(jane, ticket)).status).toBe(401);
	});

	test("takes none of a user who was disabled, deleted, or given another password", async () => {
		const { edit, store } = server();
		const ends = [
			() => updateUser(store, jane, { enabled: false }, edit),
			() => updateUser(store, jane, { enabled: true }, edit), // Enabled again: the old session stays over.
			() => deleteUser(store, jane, edit),
			() => server().user(jane), // Of the same name again.
		];
		await server().user(jane);
		const { ticket } = await server().session(jane);
		for (const end of ends) {
			await end();
			expect((await renew(jane, ticket)).status).toBe(401);
			server().nowMs += 30_000;
		}
		const second = await server().session(jane);
		const hash = `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"B".repeat(43)}`;
		await setPassword(store, jane, hash, edit);
		expect((await renew(jane, second.ticket)).status).toBe(401);
	});
});

test("realms are told to everybody", async () => {
	const answer = await server().call("GET", "/access/domains");
	expect(answer.data).toEqual([
		{ realm: "local", type: "local", comment: "Pathkeeper's own users", default: 1 },
	]);
});
