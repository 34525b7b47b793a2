import { inspect } from "node:util";
import { makeFirstAdministrator, readAccountAndToken, ticketKey } from "@pathkeeper/store";
import { expect, test } from "vitest";
import { authenticate } from "../../src/access/authenticate.ts";
import { browser, password, serverPerTest } from "./access-server.ts";

const server = serverPerTest();

test("no password, secret, hash, key or session is in an answer, the log, the audit or an error", async () => {
	const { access, store } = server();
	const first = await makeFirstAdministrator(store, access.runtime);
	const root = await server().session("root@local", first?.password);
	const said: string[] = [];
	const as = async (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object) => {
		const answer = await server().as(root, method, path, body);
		said.push(answer.text);
		return answer;
	};
	await as("POST", "/access/users", { userid: "jane@local", password });
	const made = await server().as(root, "POST", "/access/users/jane@local/token/backup", {});
	const { value } = Object.fromEntries(Object.entries(made.data instanceof Object ? made.data : {}));
	const secret = String(value);
	expect(secret).toHaveLength(36);
	const jane = await server().session("jane@local");
	const { account, token } = await readAccountAndToken(store, "jane@local", "backup");
	const secrets = [
		password,
		"hunter2hunter2",
		first?.password ?? "",
		secret,
		account?.passwordHash ?? "",
		account?.sessions ?? "",
		token?.secretHash ?? "",
		(await ticketKey(store, access.runtime)).export().toString("hex"),
		root.ticket,
		root.csrf,
		jane.ticket,
	];
	expect(secrets.every((text) => text.length > 8)).toBe(true);

	// Typed into the wrong field, cut, forged: what people and attackers send.
	const failures = [
		server().call("POST", "/access/ticket", { body: { username: "hunter2hunter2", password } }),
		server().call("POST", "/access/ticket", { body: { username: "jane@local", password: "hunter2hunter2" } }),
		server().call("GET", "/access/users", {
			headers: { authorization: `PVEAPIToken=jane@local!other=${secret}` },
		}),
		server().call("GET", "/access/users", { headers: { authorization: `PVEAPIToken=${secret}` } }),
		server().call("GET", "/access/users", { headers: { cookie: `PVEAuthCookie=${jane.ticket}x` } }),
		server().call("PUT", "/access/password", {
			headers: { ...browser(jane), csrfpreventiontoken: root.csrf },
			body: { userid: "jane@local", password: "hunter2hunter2" },
		}),
		server().as(jane, "PUT", "/access/password", { userid: "jane@local", password: "hunter2hunter2" }),
	];
	for (const answer of await Promise.all(failures)) said.push(answer.text);
	await as("PUT", "/access/users/jane@local", { comment: "x" });
	for (const path of [
		"/access/users?full=1",
		"/access/users/jane@local",
		"/access/users/jane@local/token",
		"/access/users/jane@local/token/backup",
		"/access/acl",
		"/access/audit",
		"/access/domains",
	])
		expect((await as("GET", path)).status).toBe(200);
	const parts = { method: "GET", csrf: undefined, from: null, authorization: undefined };
	const { caller } = {
		caller: null,
		...(await authenticate(access, { ...parts, ...browser(jane), cookie: browser(jane)["cookie"] })),
	};
	const inStore = (await store.list("audit/")).entries.map(({ value: bytes }) =>
		new TextDecoder().decode(bytes),
	);
	const shown = [
		...said,
		inspect(server().events, { depth: 9 }),
		inspect(caller, { depth: 9 }),
		...inStore,
	].join("\n");
	expect(shown).toContain("access.user.create");
	for (const text of secrets) expect(shown).not.toContain(text);

	const everything = (await store.list("")).entries
		.map(({ value: bytes }) => new TextDecoder().decode(bytes))
		.join("\n");
	for (const text of [password, first?.password ?? "", secret]) expect(everything).not.toContain(text);
});
