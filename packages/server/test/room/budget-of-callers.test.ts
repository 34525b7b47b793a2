import { describe, expect, test } from "vitest";
import { type AccessServer, browser, serverPerTest } from "../access/access-server.ts";

const server = serverPerTest({ whole: true });

async function change(
	headers: Readonly<Record<string, string>>,
	method: "POST" | "PUT" | "DELETE",
	path: string,
	body?: object,
) {
	return await server().app.inject({
		method,
		url: `/api2/json${path}`,
		headers: { "content-type": "application/json", ...headers },
		...(body === undefined ? {} : { payload: JSON.stringify(body) }),
	});
}

async function bytesIn({ store }: AccessServer): Promise<number> {
	const { entries } = await store.list("");
	return entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
}

describe("an account without any right", () => {
	test("makes so many changes of its own and no more, whatever route it takes", async () => {
		await server().user("low@local");
		const headers = browser(await server().session("low@local"));
		const before = await bytesIn(server());
		const statuses: number[] = [];
		for (let n = 0; n < 60; n++) {
			const path = `/access/users/low@local/token/t${n % 3}`;
			const body = { comment: "x".repeat(128) };
			statuses.push((await change(headers, n < 3 ? "POST" : "PUT", path, body)).statusCode);
		}
		expect(statuses.filter((status) => status === 200)).toHaveLength(30);
		expect(statuses.slice(30)).toEqual(statuses.slice(30).map(() => 429));
		const grown = (await bytesIn(server())) - before;
		const aChange = grown / 30;
		// With a record of each kept for a year, in a store of 2 GiB.
		expect(aChange * 24 * 60 * 365).toBeLessThan(0.2 * 2 * 1024 ** 3);

		const password = {
			userid: "low@local",
			password: "another one",
			"confirmation-password": "correct horse",
		};
		for (const answer of [
			await change(headers, "POST", "/access/users/low@local/token/t9", {}),
			await change(headers, "PUT", "/access/acl", { path: "/", roles: "Auditor", users: "low@local" }),
		]) {
			expect(answer.statusCode).toBe(429);
			expect(answer.headers["retry-after"]).toBe("60");
			expect(answer.json()).toMatchObject({
				data: null,
				message: expect.stringContaining("try again in 60 s"),
			});
		}
		expect((await server().app.inject({ url: "/api2/json/access/users", headers })).statusCode).toBe(200);
		// What takes power away goes on.
		for (const answer of [
			await change(headers, "DELETE", "/access/users/low@local/token/t1"),
			await change(headers, "PUT", "/access/acl", { path: "/", roles: "NoAccess", tokens: "low@local!t2" }),
			await change(headers, "PUT", "/access/password", password),
		])
			expect(answer.statusCode).toBe(200);
		server().nowMs += 60_000;
		const again = browser(await server().session("low@local", "another one"));
		expect((await change(again, "PUT", "/access/users/low@local/token/t0", { comment: "" })).statusCode).toBe(
			200,
		);
		expect((await change(again, "DELETE", "/access/ticket")).statusCode).toBe(200);
		expect(server().faults).toEqual([]);
	});

	test("has no more of them by having more sessions, and takes none from others", async () => {
		for (const user of ["low@local", "other@local"]) await server().user(user);
		const make = async (user: string, count: number) => {
			const headers = browser(await server().session(user));
			for (let n = 0; n < count; n++) await change(headers, "POST", `/access/users/${user}/token/t${n}`, {});
		};
		for (let n = 0; n < 3; n++) await make("low@local", 20);
		await make("other@local", 5);
		const tokens = (await server().store.list("access/token/")).entries.map(({ key }) => key.split("/")[2]);
		expect(tokens.filter((user) => user === "low@local").length).toBeLessThanOrEqual(30);
		expect(tokens.filter((user) => user === "other@local")).toHaveLength(5);
	});

	test("is not let in to what it may not by having a budget", async () => {
		await server().user("low@local");
		const headers = browser(await server().session("low@local"));
		for (let n = 0; n < 40; n++)
			expect((await change(headers, "POST", "/cluster/multipath/wwids", {})).statusCode).toBe(403);
		const made = await change(headers, "POST", "/access/users/low@local/token/t1", {});
		expect(made.statusCode).toBe(200);
	});
});

test("a run of an administrator over hundreds of LUNs is not held up, by ticket or by tokens", async () => {
	await server().user("root@local");
	await server().grant("root@local", "Administrator", "/");
	const session = browser(await server().session("root@local"));
	const token = { authorization: await server().token("root@local", "ansible", { separated: false }) };
	for (let n = 0; n < 300; n++) {
		const wwid = `36001405${String(n).padStart(25, "0")}`;
		const { statusCode } = await change(n % 2 === 0 ? session : token, "POST", "/cluster/multipath/wwids", {
			wwid,
		});
		expect(statusCode).toBe(200);
	}
});

test("what changes nothing costs nothing: logins and previews", async () => {
	await server().user("root@local");
	await server().grant("root@local", "Administrator", "/");
	const headers = browser(await server().session("root@local"));
	const preview = async () =>
		(await change(headers, "POST", "/cluster/multipath/preview", { document: "multipath.cfg", text: "" }))
			.statusCode;
	for (let n = 0; n < 5; n++) expect(await preview()).not.toBe(429);
	const limited = () => {
		for (let n = 0; n < 5000; n++) server().access.budget.trySpend("root@local", "rights");
		return server().access.budget.trySpend("root@local", "rights");
	};
	expect(limited()).toMatchObject({ message: expect.stringContaining("too many changes by root@local") });
	expect(await preview()).not.toBe(429);
	expect((await server().session("root@local")).ticket).not.toBe("");
	expect((await change(headers, "POST", "/access/users", { userid: "x@local" })).statusCode).toBe(429);
});

describe("a stolen token without rights", () => {
	test("spends nothing by what it is refused, and its owner revokes it", async () => {
		await server().user("low@local");
		const token = { authorization: await server().token("low@local", "stolen", { separated: false }) };
		for (let n = 0; n < 250; n++)
			expect((await change(token, "DELETE", "/access/ticket")).statusCode).toBe(403);
		for (let n = 0; n < 40; n++) {
			const body = { path: "/storage/x", roles: "NoAccess", tokens: "low@local!stolen" };
			expect((await change(token, "PUT", "/access/acl", body)).statusCode).toBe(403);
		}
		const headers = browser(await server().session("low@local"));
		expect((await change(headers, "POST", "/access/users/low@local/token/new", {})).statusCode).toBe(200);
		expect((await change(headers, "DELETE", "/access/users/low@local/token/stolen")).statusCode).toBe(200);
		expect((await change(token, "DELETE", "/access/ticket")).statusCode).toBe(401);
	});

	test("that has rights spends its own, and not its owner's", async () => {
		await server().user("root@local");
		const authorization = await server().token("root@local", "stolen", { separated: false });
		for (let n = 0; n < 5000; n++) server().access.budget.trySpend("root@local!stolen", "rights");
		const make = async (headers: Readonly<Record<string, string>>, userid: string) =>
			(await change(headers, "POST", "/access/users", { userid })).statusCode;
		expect(await make({ authorization }, "a@local")).toBe(429);
		const headers = browser(await server().session("root@local"));
		expect(await make(headers, "a@local")).toBe(200);
		expect((await change(headers, "DELETE", "/access/users/root@local/token/stolen")).statusCode).toBe(200);
	});
});

test("logins and logouts have a bound of their own, and leave a session to revoke tokens with", async () => {
	await server().user("low@local");
	await server().token("low@local", "tool");
	const headers = browser(await server().session("low@local"));
	for (let n = 0; n < 200; n++) server().access.budget.trySpend("low@local", "sessions");
	for (let n = 0; n < 30; n++) server().access.budget.trySpend("low@local", "own");
	const out = await change(headers, "DELETE", "/access/ticket");
	expect(out.statusCode).toBe(429);
	expect((await change(headers, "DELETE", "/access/users/low@local/token/tool")).statusCode).toBe(200);
	server().nowMs += 60_000;
	expect((await change(headers, "DELETE", "/access/ticket")).statusCode).toBe(200);
});
