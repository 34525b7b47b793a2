import { deleteToken, deleteUser, updateToken, updateUser } from "@pathkeeper/store";
import { describe, expect, test } from "vitest";
import { authenticate } from "../../src/access/authenticate.ts";
import { browser, cookie, serverPerTest } from "./access-server.ts";

const server = serverPerTest();
const jane = "jane@local";
const look = (headers: Readonly<Record<string, string>>) =>
	server().call("GET", "/nodes/n1/look", { headers });
const shake = (headers: Readonly<Record<string, string>>) =>
	server().call("PUT", "/nodes/n1/shake", { headers });

async function janesSession() {
	await server().user(jane);
	await server().grant(jane, "Operator", "/nodes/n1");
	return await server().session(jane);
}
async function janesToken(change: { separated?: boolean; expiresAtS?: number } = { separated: false }) {
	await server().user(jane);
	await server().grant(jane, "Operator", "/nodes/n1");
	return { authorization: await server().token(jane, "backup", change) };
}

describe("a request without ticket or token", () => {
	test("is refused before anything else is looked at", async () => {
		expect(await look({})).toMatchObject({ status: 401, message: "No ticket", data: null });
		const answer = await server().call("POST", "/access/users", { body: "%%%not a body" });
		expect(answer).toMatchObject({ status: 401, message: "No ticket" });
	});
});

describe("a ticket", () => {
	test("lets its user look, from cookie and from header", async () => {
		const { ticket } = await janesSession();
		expect(await look(cookie(ticket))).toMatchObject({ status: 200, data: jane });
		expect(await look({ cookie: `PVEAuthCookie=${ticket}` })).toMatchObject({ status: 200, data: jane });
		expect(await look({ authorization: `PVEAuthCookie=${ticket}` })).toMatchObject({
			status: 200,
			data: jane,
		});
	});

	test("that is forged, cut, over, or nonsense is refused in the same words", async () => {
		const { ticket } = await janesSession();
		const forged = [
			ticket.replace("jane", "root"),
			ticket.replace("jane@local", "nobody@local"),
			ticket.slice(0, -1),
			ticket.slice(0, 30),
			"PVE:root@local:6553F100::",
			"x",
		];
		// At these words npm's client logs in again.
		const refused = { status: 401, message: "permission denied - invalid PVE ticket" };
		for (const text of forged) expect(await look(cookie(text))).toMatchObject(refused);
		server().nowMs += 2 * 3600_000;
		expect(await look(cookie(ticket))).toMatchObject(refused);
	});

	test("of a user who is disabled, expired or deleted meanwhile is refused at once", async () => {
		const { edit, store } = server();
		const { ticket } = await janesSession();
		await updateUser(store, jane, { expiresAtS: server().nowMs / 1000 }, edit);
		expect((await look(cookie(ticket))).status).toBe(401);
		await updateUser(store, jane, { expiresAtS: server().nowMs / 1000 + 1 }, edit);
		expect((await look(cookie(ticket))).status).toBe(200);
		await updateUser(store, jane, { enabled: false }, edit);
		expect((await look(cookie(ticket))).status).toBe(401);
		await updateUser(store, jane, { enabled: true }, edit);
		expect((await look(cookie(ticket))).status).toBe(401);
		const second = await server().session(jane);
		expect((await look(cookie(second.ticket))).status).toBe(200);
	});

	test("of a deleted user does not serve another of the same name", async () => {
		const { ticket } = await janesSession();
		await deleteUser(server().store, jane, server().edit);
		expect((await look(cookie(ticket))).status).toBe(401);
		await server().user(jane);
		await server().grant(jane, "Operator", "/nodes/n1");
		expect((await look(cookie(ticket))).status).toBe(401);
	});
});

describe("a change with a cookie", () => {
	test("needs a token that was given to the same user", async () => {
		const session = await janesSession();
		expect(await shake(browser(session))).toMatchObject({ status: 200, data: jane });
		server().nowMs += 1000;
		const later = await server().session(jane);
		// As proxmoxer does at the call that renews its ticket.
		const renewing = { ...cookie(session.ticket), csrfpreventiontoken: later.csrf };
		expect(await shake(renewing)).toMatchObject({ status: 200, data: jane });
		await server().user("joe@local");
		const other = await server().session("joe@local");
		const wrong = [
			cookie(session.ticket),
			{ ...cookie(session.ticket), csrfpreventiontoken: "" },
			{ ...cookie(session.ticket), csrfpreventiontoken: session.csrf.slice(0, -1) },
			{ ...cookie(session.ticket), csrfpreventiontoken: other.csrf },
			{ ...cookie(session.ticket), csrfpreventiontoken: session.ticket },
		];
		for (const headers of wrong)
			expect(await shake(headers)).toMatchObject({
				status: 401,
				message: "Permission denied - invalid csrf token",
			});
	});

	test("is every method but GET and HEAD", async () => {
		const { ticket } = await janesSession();
		const statuses = [];
		for (const method of ["POST", "PUT", "DELETE"] as const) {
			const answer = await server().call(method, "/access/users/jane@local/token/backup", {
				headers: cookie(ticket),
			});
			statuses.push([answer.status, answer.message]);
		}
		expect(statuses).toEqual(Array(3).fill([401, "Permission denied - invalid csrf token"]));
		expect((await look(cookie(ticket))).status).toBe(200);
		expect((await server().call("HEAD", "/nodes/n1/look", { headers: cookie(ticket) })).status).toBe(200);
	});

	test("is none with the ticket in the header, which other sites cannot send", async () => {
		const { ticket } = await janesSession();
		expect((await shake({ authorization: `PVEAuthCookie=${ticket}` })).status).toBe(200);
	});
});

describe("an API token", () => {
	test("lets its owner's program look and change, without a token against cross-site requests", async () => {
		const token = await janesToken();
		expect(await look(token)).toMatchObject({ status: 200, data: "jane@local!backup" });
		expect((await shake(token)).status).toBe(200);
	});

	test("with a wrong secret, name or user is refused in the same words", async () => {
		const { authorization } = await janesToken();
		const wrong = [
			authorization.slice(0, -1),
			`${authorization}0`,
			authorization.toUpperCase().replace("PVEAPITOKEN=JANE@LOCAL!BACKUP", "PVEAPIToken=jane@local!backup"),
			authorization.replace("backup", "other"),
			authorization.replace("jane", "nobody"),
			authorization.replace("jane", "root"),
			"PVEAPIToken=jane@local!backup=",
			"PVEAPIToken=",
		];
		for (const text of wrong)
			expect(await look({ authorization: text })).toMatchObject({
				status: 401,
				message: "Authentication failed!",
			});
	});

	test("that was replaced by another of its name is worthless", async () => {
		const old = await janesToken();
		await deleteToken(server().store, jane, "backup", server().edit);
		const fresh = { authorization: await server().token(jane, "backup", { separated: false }) };
		expect((await look(old)).status).toBe(401);
		expect((await look(fresh)).status).toBe(200);
	});

	test("ends at its time, and with its user's", async () => {
		const { edit, store } = server();
		const nowS = server().nowMs / 1000;
		const token = await janesToken({ separated: false, expiresAtS: nowS + 60 });
		expect((await look(token)).status).toBe(200);
		server().nowMs += 60_000;
		expect((await look(token)).status).toBe(401);
		await updateToken(store, jane, "backup", { expiresAtS: 0 }, edit);
		expect((await look(token)).status).toBe(200);
		await updateUser(store, jane, { expiresAtS: nowS + 60 }, edit);
		expect((await look(token)).status).toBe(401);
		await updateUser(store, jane, { expiresAtS: 0, enabled: false }, edit);
		expect((await look(token)).status).toBe(401);
		await deleteUser(store, jane, edit);
		expect((await look(token)).status).toBe(401);
	});

	test("that is separated has what entries give it and its user has, no more", async () => {
		const token = await janesToken({ separated: true });
		expect(await look(token)).toMatchObject({
			status: 403,
			message: "Permission check failed (/nodes/n1, Sys.Audit)",
		});
		await server().grant("jane@local!backup", "Administrator", "/");
		expect((await look(token)).status).toBe(200);
		expect((await shake(token)).status).toBe(200);
		expect(await server().call("GET", "/nodes/n2/look", { headers: token })).toMatchObject({
			status: 403,
			message: "Permission check failed (/nodes/n2, Sys.Audit)",
		});
		expect((await server().call("GET", "/access/audit", { headers: token })).status).toBe(403);
	});

	test("of a user who loses rights loses them, too", async () => {
		const token = await janesToken();
		expect((await shake(token)).status).toBe(200);
		await server().grant(jane, "NoAccess", "/nodes/n1");
		expect((await shake(token)).status).toBe(403);
	});
});

describe("somebody who stays connected", () => {
	const now = async (headers: { readonly authorization?: string; readonly cookie?: string }) => {
		const parts = {
			method: "GET",
			csrf: undefined,
			from: "192.0.2.7",
			authorization: undefined,
			cookie: undefined,
		};
		const answer = await authenticate(server().access, { ...parts, ...headers });
		if (!("caller" in answer)) throw answer.failure;
		return answer.caller;
	};

	test("is asked again who they are: rights change, tickets end, users go", async () => {
		const { ticket } = await janesSession();
		const caller = await now(cookie(ticket));
		expect(caller.rights("/nodes/n1").has("Sys.Modify")).toBe(true);
		await server().grant(jane, "NoAccess", "/nodes/n1");
		expect((await caller.current())?.rights("/nodes/n1").size).toBe(0);
		server().nowMs += 2 * 3600_000;
		expect(await caller.current()).toBeNull();
	});

	test("with a token is out when the token is deleted", async () => {
		const caller = await now(await janesToken());
		expect(await caller.current()).not.toBeNull();
		await deleteToken(server().store, jane, "backup", server().edit);
		expect(await caller.current()).toBeNull();
	});
});
