/** The whole table of routes, each asked by everybody who must not be answered, and then by somebody who may. */
import {
	checkedOn,
	type Privilege,
	pathParameters,
	type Route,
	roles,
	routes,
	servedPath,
} from "@pathkeeper/model";
import { describe, expect, test } from "vitest";
import { type AccessServer, type Answer, browser, cookie, serverPerTest } from "../access/access-server.ts";

const server = serverPerTest({ whole: true });

const values: Readonly<Record<string, string>> = {
	node: "n1",
	wwid: "360014050000000000000000000000001",
	userid: "owner@local",
	tokenid: "tool",
	upid: encodeURIComponent("UPID:n1:00000001:00000001:6553F100:lunguard::owner@local:"),
	id: "0123456789012345678901234567890123456789",
	storage: "san",
	volume: "360014050000000000000000000000001",
};

function urlOf(route: Route): string {
	const known = pathParameters(route).every((name) => name in values);
	if (!known) throw new Error(`say which value ${route.path} is to be asked with`);
	return servedPath(route).replace(/:([a-z]+)/g, (_, name: string) => values[name] ?? "");
}

type Headers = Readonly<Record<string, string>>;

/** A change comes without a body: who may is told that something is missing, and nobody's anything is changed. */
function ask(who: AccessServer, route: Route, headers: Headers): Promise<Answer> {
	return who.call(route.method, urlOf(route), { headers });
}

const guarded = routes.filter(({ privilege }) => privilege !== "none");
const login = guarded.filter(({ privilege }) => privilege === "login");
const checked = guarded.filter((route) => !login.includes(route) && checkedOn(route) !== "each");
const each = guarded.filter((route) => checkedOn(route) === "each");
const changes = guarded.filter(({ method }) => method !== "GET");
const named = (all: readonly Route[]) =>
	all.map((route) => [`${route.method} ${servedPath(route)}`, route] as const);

/** The most powerful role that lacks a privilege. */
const lacking: Readonly<Record<Exclude<Privilege, "none" | "login">, keyof typeof roles>> = {
	"Sys.Audit": "NoAccess",
	"Sys.Modify": "Auditor",
	"Datastore.Audit": "NoAccess",
	"Datastore.Allocate": "Auditor",
	"Datastore.AllocateSpace": "Auditor",
	"Permissions.Modify": "Operator",
};

/** A user with a role on `/`, and what each way of coming in needs. */
async function user(role: keyof typeof roles | null, id = "jane@local") {
	await server().user(id);
	if (role !== null) await server().grant(id, role, "/");
	const session = await server().session(id);
	return { id, session, headers: browser(session) };
}

describe("a server", () => {
	test("serves the table, and nothing beside it", async () => {
		const { app } = server();
		await app.ready();
		for (const route of routes)
			expect(app.hasRoute({ method: route.method, url: servedPath(route) }), servedPath(route)).toBe(true);
		const served = [...app.printRoutes({ commonPrefix: false }).matchAll(/\(([A-Z, ]+)\)/g)]
			.flatMap(([, methods = ""]) => methods.split(", "))
			.filter((method) => method !== "HEAD");
		expect(served).toHaveLength(routes.length);
	});

	test("has a role that lacks each privilege, for these tests to mean something", () => {
		for (const [privilege, role] of Object.entries(lacking))
			expect(roles[role].map(String)).not.toContain(privilege);
	});
});

describe("nobody", () => {
	test.each(named(guarded))("%s is told nothing", async (_, route) => {
		expect(await ask(server(), route, {})).toMatchObject({ status: 401, message: "No ticket" });
		if (route.method !== "GET") return;
		const head = await server().call("HEAD", urlOf(route));
		// A stream has no head to ask for.
		expect(head.status).toBe(route.media === "text/event-stream" ? 501 : 401);
	});
});

describe("a forgery", () => {
	test("opens no route", async () => {
		const { session } = await user("Administrator");
		const token = await server().token("jane@local", "tool", { separated: false });
		const forged: readonly (readonly [Headers, string])[] = [
			[cookie(session.ticket.replace("jane", "root")), "permission denied - invalid PVE ticket"],
			[
				cookie(session.ticket.replace(/::(.)/, (_, first) => `::${first === "A" ? "B" : "A"}`)),
				"permission denied - invalid PVE ticket",
			],
			[
				{ authorization: `PVEAuthCookie=${session.ticket.toLowerCase()}` },
				"permission denied - invalid PVE ticket",
			],
			[
				{ authorization: token.replace(/.$/, (last) => (last === "0" ? "1" : "0")) },
				"Authentication failed!",
			],
			[{ authorization: token.replace("jane", "root") }, "Authentication failed!"],
			[{ authorization: "Basic cm9vdEBsb2NhbDpyb290" }, "No ticket"],
		];
		for (const [headers, message] of forged)
			for (const route of guarded)
				expect(await ask(server(), route, headers), servedPath(route)).toMatchObject({
					status: 401,
					message,
				});
	});
});

describe("somebody whose time is over", () => {
	test("is let in through no route: by ticket, by token, as a user", async () => {
		const { session } = await user("Administrator");
		const nowS = server().nowMs / 1000;
		const token = {
			authorization: await server().token("jane@local", "timed", { separated: false, expiresAtS: nowS + 9 }),
		};
		await server().user("joe@local", { expiresAtS: nowS + 9 });
		const joe = await server().session("joe@local");
		server().nowMs += 2 * 3600_000;
		for (const route of guarded)
			for (const headers of [browser(session), token, browser(joe)])
				expect((await ask(server(), route, headers)).status, servedPath(route)).toBe(401);
	});
});

describe("another site, which a browser sends the cookie for", () => {
	test.each(named(changes))("%s is not done", async (_, route) => {
		const { session } = await user("Administrator");
		const other = await user("Administrator", "joe@local");
		const crossSite: readonly Headers[] = [
			cookie(session.ticket),
			{ ...cookie(session.ticket), csrfpreventiontoken: "" },
			{ ...cookie(session.ticket), csrfpreventiontoken: other.session.csrf },
			{ ...cookie(session.ticket), csrfpreventiontoken: session.ticket },
		];
		for (const headers of crossSite)
			expect(await ask(server(), route, headers)).toMatchObject({
				status: 401,
				message: "Permission denied - invalid csrf token",
			});
	});
});

describe("somebody known who may not", () => {
	test.each(named(checked))(
		"%s is refused without a role, and with every role that lacks it",
		async (_, route) => {
			if (route.privilege === "none" || route.privilege === "login") throw new Error("it is not among these");
			const nobody = await user(null, "new@local");
			const lesser = await user(lacking[route.privilege], "lesser@local");
			const owner = await user("Administrator", "root@local");
			// It has what entries give it, and there is none.
			const token = { authorization: await server().token("root@local", "tool", { separated: true }) };
			const on = checkedOn(route).replace(":node", "n1").replace(":storage", "san");
			const refusal = { status: 403, message: `Permission check failed (${on}, ${route.privilege})` };
			for (const headers of [nobody.headers, lesser.headers, token])
				expect(await ask(server(), route, headers)).toMatchObject(refusal);
			// The same request of somebody who may gets further, so what was refused above was their rights.
			const allowed = await ask(server(), route, owner.headers);
			expect([401, 403]).not.toContain(allowed.status);
			expect(allowed.status).not.toBe(501);
		},
	);

	test("is told which server this is, as Proxmox VE tells everybody with a login", async () => {
		const { headers } = await user(null);
		const token = { authorization: await server().token("jane@local", "tool", { separated: true }) };
		const looks = login.filter(({ method }) => method === "GET");
		expect(looks.map(servedPath).sort()).toEqual(["/api2/json/version", "/api2/openapi.json"]);
		for (const route of looks)
			for (const who of [headers, token]) expect((await ask(server(), route, who)).status).toBe(200);
	});

	test("with rights on one node asks in vain for another, and for the fleet", async () => {
		await server().user("jane@local");
		await server().grant("jane@local", "Operator", "/nodes/n1");
		const headers = browser(await server().session("jane@local"));
		for (const route of checked) {
			const here = await ask(server(), route, headers);
			const may = checkedOn(route) === "/nodes/:node" && route.privilege !== "Permissions.Modify";
			expect(here.status === 403, servedPath(route)).toBe(!may);
			if (!may) continue;
			const there = await server().call(route.method, urlOf(route).replace("/n1", "/n2"), { headers });
			expect(there).toMatchObject({
				status: 403,
				message: `Permission check failed (/nodes/n2, ${route.privilege})`,
			});
		}
	});

	test("sees of what is for each only what is theirs", async () => {
		const { headers } = await user(null);
		await server().user("owner@local");
		await server().token("owner@local", "tool");
		await server().grant("owner@local", "Administrator", "/");
		const answers = await Promise.all(
			each.map(async (route) => {
				const body =
					route.method === "PUT"
						? {
								body: route.path.endsWith("password")
									? takeOver
									: { path: "/", roles: "Administrator", users: "jane@local" },
							}
						: {};
				const { status, data } = await server().call(route.method, urlOf(route), { headers, ...body });
				return [`${route.method} ${route.path}`, status, data];
			}),
		);
		expect(answers.sort()).toEqual([
			["GET /access/acl", 200, []],
			["GET /access/users", 200, [expect.objectContaining({ userid: "jane@local" })]],
			["GET /cluster/resources", 200, []],
			["GET /nodes/:node/storage", 200, []],
			["GET /storage", 200, []],
			["PUT /access/acl", 403, null],
			["PUT /access/password", 403, null],
		]);
	});

	const takeOver = {
		userid: "owner@local",
		password: "my new password",
		"confirmation-password": "correct horse",
	};

	test("is answered for themselves, and not by a token of theirs", async () => {
		const { headers } = await user(null, "owner@local");
		const token = { authorization: await server().token("owner@local", "tool", { separated: false }) };
		for (const route of guarded.filter(({ self }) => self !== undefined)) {
			expect((await ask(server(), route, token)).status, servedPath(route)).toBe(403);
			if (route.method === "GET") expect((await ask(server(), route, headers)).status).toBe(200);
		}
	});
});

describe("metrics", () => {
	const from = async (remoteAddress: string, headers: Headers = {}) =>
		(await server().app.inject({ url: "/metrics", remoteAddress, headers })).statusCode;

	test("are read from an allowed address without a token, and from no other", async () => {
		expect(await from("192.0.2.99")).toBe(200);
		expect(await from("192.0.2.98")).toBe(401);
		// Who asks does not say where from.
		expect(await from("192.0.2.98", { "x-forwarded-for": "192.0.2.99", forwarded: "for=192.0.2.99" })).toBe(
			401,
		);
	});

	test("and nothing else is: an allowed address opens no other route", async () => {
		for (const route of guarded.filter(({ path }) => path !== "/metrics")) {
			const { method } = route;
			const { statusCode } = await server().app.inject({
				method,
				url: urlOf(route),
				remoteAddress: "192.0.2.99",
			});
			expect(statusCode, servedPath(route)).toBe(401);
		}
	});
});

describe("a path that is written otherwise", () => {
	test.each([
		"/api2/json//nodes",
		"/api2/json/./nodes",
		"/api2/json/version/../nodes",
		"/api2/json/version/%2e%2e/nodes",
		"/api2/json/access/ticket/..%2f..%2fnodes",
		"/api2/json/nodes/",
		"/api2/json/nodes;version",
		"/api2/json/nodes%00",
		"/API2/JSON/nodes",
		"/api2/extjs/nodes",
		"/api2/openapi.json/../json/nodes",
		"//metrics",
		"/metrics/",
		"/api2/json/nodes/n1%2fstatus",
		"/api2/json/nodes/..%2f..%2faccess/users/status",
	])("%s goes round nothing", async (path) => {
		const { statusCode, body } = await server().app.inject({ url: path });
		expect([400, 401, 501]).toContain(statusCode);
		expect(body).not.toContain('"node"');
	});
});
