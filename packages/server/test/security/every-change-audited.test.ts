/**
 * The whole table of routes: each one that changes something is performed, and has to leave a record of who did it; each
 * is refused to somebody, and that has to leave one, too. A route that is new fails here until it is performed.
 */
import { type Method, type Route, routes, tasks } from "@pathkeeper/model";
import { createTask, createUser, readAudit, type Store } from "@pathkeeper/store";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { readTasks } from "../../../store/src/documents/tasks.ts";
import { accessContext, createApi, createServer, EventHub, networkGate } from "../../src/index.ts";
import { milk, oil, SimulatedFleet, tea } from "../simulated-fleet.ts";

let fleet: SimulatedFleet;
/** Through the network, where not everybody is root. */
let door: FastifyInstance;
let refusals: ReturnType<typeof accessContext>["refusals"];
let now = Date.now();
/** Of somebody who has no role. */
let low: Readonly<Record<string, string>> = {};

beforeAll(async () => {
	fleet = await SimulatedFleet.start({ nodes: ["n1"] });
	const { store, live } = fleet;
	const runtime = { ...realRuntime, now: () => now, sleep: async () => undefined };
	const access = accessContext({ store, runtime, tell: () => undefined });
	refusals = access.refusals;
	const onFault = (error: unknown) => fleet.faults.push(error);
	const hub = new EventHub({ runtime: realRuntime, store, live, onFault });
	door = createServer({
		api: createApi({ runtime, store, access, live, version: "1.2.3" }),
		live: { fleet: live, hub, metricsFor: { has: () => false } },
		gate: networkGate(access),
		tls: null,
		simulated: false,
		onFault,
	});
	const edit = { by: "test", from: null, at: 1, random: realRuntime };
	await createUser(store, { id: "low@local", passwordHash: null }, edit);
	const { data } = await fleet.call("POST", "/access/users/low@local/token/try", { privsep: 0 });
	const secret = data instanceof Object && "value" in data ? String(data.value) : "";
	low = { authorization: `PVEAPIToken=low@local!try=${secret}` };
});
afterAll(async () => {
	await door.close();
	await fleet[Symbol.asyncDispose]();
	expect(fleet.faults).toEqual([]);
});

type Change = readonly [
	route: `${Method} ${string}`,
	path: string,
	body: object | undefined,
	subject: RegExp,
];

const volume = "/nodes/n1/storage/data/content/vm-100-disk-0";

/** In this order: each finds what those before it made. */
const changes: readonly Change[] = [
	["POST /access/users", "/access/users", { userid: "eve@local" }, /^eve@local$/],
	["PUT /access/users/:userid", "/access/users/eve@local", { enable: 0 }, /^eve@local$/],
	[
		"PUT /access/password",
		"/access/password",
		{ userid: "eve@local", password: "a long one" },
		/^eve@local$/,
	],
	["PUT /access/acl", "/access/acl", { path: "/", roles: "Auditor", users: "eve@local" }, /eve@local/],
	["POST /access/users/:userid/token/:tokenid", "/access/users/eve@local/token/tool", {}, /^eve@local!tool$/],
	[
		"PUT /access/users/:userid/token/:tokenid",
		"/access/users/eve@local/token/tool",
		{ comment: "x" },
		/!tool$/,
	],
	["DELETE /access/users/:userid/token/:tokenid", "/access/users/eve@local/token/tool", undefined, /!tool$/],
	["DELETE /access/users/:userid", "/access/users/eve@local", undefined, /^eve@local$/],
	["POST /cluster/multipath/wwids", "/cluster/multipath/wwids", { wwid: milk }, /^multipath\.cfg$/],
	[
		"PUT /cluster/multipath/wwids/:wwid",
		`/cluster/multipath/wwids/${milk}`,
		{ comment: "x" },
		/^multipath\.cfg$/,
	],
	[
		"PUT /cluster/multipath/defaults",
		"/cluster/multipath/defaults",
		{ "no-path-retry": "12" },
		/^multipath\.cfg$/,
	],
	[
		"PUT /cluster/multipath/config",
		"/cluster/multipath/config",
		{ text: `wwid: ${milk}\n\nwwid: ${oil}\n\nwwid: ${tea}\n` },
		/^multipath\.cfg$/,
	],
	[
		"PUT /cluster/multipath/overrides",
		"/cluster/multipath/overrides",
		{ text: "# none\n" },
		/^multipath-overrides\.conf$/,
	],
	[
		"DELETE /cluster/multipath/wwids/:wwid",
		`/cluster/multipath/wwids/${oil}`,
		undefined,
		new RegExp(`^${oil}$`),
	],
	["POST /storage", "/storage", { storage: "san", type: "multipath" }, /^storage\.cfg$/],
	[
		"POST /storage",
		"/storage",
		{ storage: "data", type: "lvm", vgname: "vg0", base: `san:${tea}`, shared: 1 },
		/^storageprepare data on n1$/,
	],
	["PUT /storage/:storage", "/storage/data", { content: "images,rootdir" }, /^storage\.cfg$/],
	[
		"POST /nodes/:node/storage/:storage/content",
		"/nodes/n1/storage/data/content",
		{ vmid: 100, filename: "", size: "8M" },
		/^imgalloc data on n1$/,
	],
	[
		"PUT /nodes/:node/storage/:storage/content/:volume/resize",
		`${volume}/resize`,
		{ size: "12M" },
		/^imgresize data:/,
	],
	[
		"POST /nodes/:node/storage/:storage/content/:volume/activate",
		`${volume}/activate`,
		{},
		/^imgactivate data:/,
	],
	[
		"POST /nodes/:node/storage/:storage/content/:volume/deactivate",
		`${volume}/deactivate`,
		{},
		/^imgdeactivate data:/,
	],
	[
		"PUT /nodes/:node/storage/:storage/content/:volume/rename",
		`${volume}/rename`,
		{ name: "vm-100-disk-7" },
		/^imgrename data:vm-100-disk-0 on n1$/,
	],
	[
		"DELETE /nodes/:node/storage/:storage/content/:volume",
		"/nodes/n1/storage/data/content/vm-100-disk-7",
		undefined,
		/^imgdel data:vm-100-disk-7 on n1$/,
	],
	["DELETE /storage/:storage", "/storage/data", undefined, /^storage\.cfg$/],
];

/** These change nothing, though they are no GET. */
const harmless: readonly string[] = ["POST /access/ticket", "POST /cluster/multipath/preview"];
/** Performed in tests of their own: they need what was made before by another name, or that is gone. */
const apart: readonly string[] = [
	"DELETE /access/ticket",
	"DELETE /cluster/pathkeeper/acknowledgements/:id",
	"DELETE /cluster/pathkeeper/nodes/:node",
	"DELETE /nodes/:node/tasks/:upid",
	"POST /cluster/pathkeeper/acknowledgements",
];

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const changing = routes.filter((route) => route.method !== "GET" && !harmless.includes(nameOf(route)));

async function recordsOf(store: Store, work: () => Promise<void>) {
	const before = new Set((await readAudit(store, realRuntime, 10_000)).map(({ id }) => id));
	await work();
	return (await readAudit(store, realRuntime, 10_000)).filter(({ id }) => !before.has(id));
}

test("every route that changes something is performed here", () => {
	const performed = new Set([...changes.map(([name]) => name), ...apart]);
	expect(changing.map(nameOf).filter((name) => !performed.has(name))).toEqual([]);
});

describe("a change", () => {
	test.each(changes)("by %s leaves a record (%s)", async (name, path, body, subject) => {
		const [method] = name.split(" ", 1);
		const by = { by: "root@local", from: null };
		const records = await recordsOf(fleet.store, async () => {
			if (method === "DELETE" && path.includes("/wwids/")) await fleet.applied();
			const known = (["POST", "PUT", "DELETE"] as const).find((word) => word === method);
			const answer = await fleet.call(known ?? "GET", path, body);
			expect(answer.status, answer.body).toBe(200);
		});
		expect(records).toContainEqual(
			expect.objectContaining({ ...by, subject: expect.stringMatching(subject) }),
		);
		for (const record of records) expect(record).toMatchObject(by);
	});

	test("of what somebody thinks of a finding leaves a record, and so does taking it back", async () => {
		const path = "/cluster/pathkeeper/acknowledgements";
		const code = "multipath-tools-known-holes";
		await fleet.until("the finding is there", async () => {
			const { body } = await fleet.call("GET", "/nodes/n1/status");
			return body.includes(code);
		});
		let ids: readonly string[] = [];
		const made = await recordsOf(fleet.store, async () => {
			const { status, data } = await fleet.call("POST", path, { code, reason: "mended" });
			expect(status).toBe(200);
			ids = Array.isArray(data) ? data.map(String) : [];
		});
		expect(made).toMatchObject([{ what: "finding.acknowledge", by: "root@local", detail: "mended" }]);
		const taken = await recordsOf(fleet.store, async () => {
			expect((await fleet.call("DELETE", `${path}/${ids[0]}`)).status).toBe(200);
		});
		expect(taken).toMatchObject([{ what: "finding.reopen", by: "root@local", subject: code }]);
	});

	test("of a session, its end, leaves a record", async () => {
		await fleet.call("POST", "/access/users", { userid: "amy@local", password: "a long one" });
		const login = await door.inject({
			method: "POST",
			url: "/api2/json/access/ticket",
			payload: { username: "amy@local", password: "a long one" },
		});
		const { ticket, CSRFPreventionToken }: Record<string, string> = login.json().data;
		const headers = { cookie: `PVEAuthCookie=${ticket}`, csrfpreventiontoken: CSRFPreventionToken };
		for (const url of ["/api2/json/access/ticket", "/api2/json/access/ticket?all=1"]) {
			const records = await recordsOf(fleet.store, async () => {
				const again = await door.inject({ method: "DELETE", url, headers });
				expect([200, 401]).toContain(again.statusCode);
				await refusals.flush();
			});
			expect(records).toHaveLength(1);
		}
	});

	test("of a task, its stop, leaves a record", async () => {
		await fleet.stopAgent("n1");
		const { task } = await waitingTask();
		const path = `/nodes/n1/tasks/${encodeURIComponent(task.upid)}`;
		const records = await recordsOf(fleet.store, async () => {
			expect((await fleet.call("DELETE", path)).status).toBe(200);
		});
		expect(records).toMatchObject([{ what: "task.stop", by: "root@local", detail: task.upid }]);
	});

	test("of the fleet, a node that goes, leaves a record", async () => {
		await fleet.stopAgent("n1");
		const records = await recordsOf(fleet.store, async () => {
			const { status, body } = await fleet.call("DELETE", "/cluster/pathkeeper/nodes/n1?confirm=n1");
			expect(status, body).toBe(200);
		});
		expect(records).toMatchObject([{ what: "node.remove", by: "root@local", subject: "n1" }]);
	});
});

test.each(changing.map((route) => [nameOf(route), route] as const))(
	"%s refused leaves a record of who tried",
	async (name, route) => {
		// A minute of its own.
		now += 60_000;
		const path = urlOf(route);
		const payload = bodyOf(name);
		const records = await recordsOf(fleet.store, async () => {
			const answer = await door.inject({
				method: route.method,
				url: `/api2/json${path}`,
				headers: low,
				...(payload === undefined ? {} : { payload }),
			});
			expect(answer.statusCode, answer.body).toBe(403);
			await refusals.flush();
		});
		expect(records).toMatchObject([
			{ what: "refused.permission", by: "low@local!try", subject: `${route.method} ${path}`.slice(0, 120) },
		]);
	},
);

async function waitingTask() {
	const about = { node: "n1", user: "jane@local", at: Date.now(), takeWithinMs: 1e9, pid: 1, pstart: 1 };
	await createTask(fleet.store, { ...about, task: tasks.imgDelete, argument: { volume: "x" } });
	const [stored] = (await readTasks(fleet.store, "n1")).tasks.filter(({ task }) => task.state === "waiting");
	if (stored === undefined) throw new Error("the task does not wait");
	return stored;
}

function urlOf(route: Route): string {
	const values: Readonly<Record<string, string>> = {
		userid: "root@local",
		tokenid: "tool",
		wwid: milk,
		node: "n1",
		upid: "UPID%3An1%3A1",
		storage: "data",
		volume: "vm-1",
		id: "0".repeat(40),
	};
	return route.path.replace(/:([a-z]+)/g, (_, name: string) => values[name] ?? "");
}

/** Those that let everybody in look at the body before they refuse. */
function bodyOf(name: string): object | undefined {
	if (name === "PUT /access/password") return { userid: "root@local", password: "a long one" };
	if (name === "PUT /access/acl") return { path: "/", roles: "Administrator", users: "low@local" };
	return undefined;
}
