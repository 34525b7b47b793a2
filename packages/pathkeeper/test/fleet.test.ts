/** Agents and servers apart, in processes of their own, over one real etcd. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EtcdProcess, startEtcd } from "../../store/test/etcd/etcd-process.ts";
import { cli, DaemonProcess, until } from "./daemon-process.ts";

let folder = "";
let etcd: EtcdProcess;
let agent: DaemonProcess;
let servers: readonly DaemonProcess[] = [];
let filesAtFirst = 0;
let password = "";

/** Writes down what a process loads. */
const recorder = `
	import { appendFileSync } from "node:fs";
	import { registerHooks } from "node:module";
	registerHooks({ load(url, context, next) { appendFileSync(process.env.LOADED, url + "\\n"); return next(url, context); } });
`;
const recorded = (name: string) => ({
	env: { LOADED: join(folder, name) },
	nodeArgs: ["--import", `data:text/javascript,${encodeURIComponent(recorder)}`],
});
const loaded = (name: string) => readFileSync(join(folder, name), "utf8");

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "pk-fleet-"));
	etcd = await startEtcd();
	const server = ["--role", "server", "--simulate", "--etcd", etcd.url, "--listen", "127.0.0.1:0"];
	agent = new DaemonProcess(
		["--role", "agent", "--simulate", "2x2x2", "--etcd", etcd.url],
		recorded("agent"),
	);
	agent.spawn();
	servers = [new DaemonProcess(server, recorded("server")), new DaemonProcess(server)];
	for (const each of servers) each.spawn();
	await Promise.all([agent, ...servers].map((each) => each.says("pathkeeper is ready")));
	await until("somebody can log in", () => passwordFiles().length > 0);
	filesAtFirst = passwordFiles().length;
	password = readFileSync(passwordFiles()[0] ?? "", "utf8").split("\n")[1] ?? "";
});
afterAll(async () => {
	await Promise.all([agent, ...servers].map((each) => each[Symbol.asyncDispose]()));
	await etcd.dispose();
	rmSync(folder, { recursive: true });
});

function passwordFiles(): readonly string[] {
	return servers
		.map(({ stateFolder }) => join(stateFolder, "simulated/first-administrator"))
		.filter((file) => existsSync(file));
}

function server(n: number): DaemonProcess {
	const each = servers[n];
	if (each === undefined) throw new Error(`there is no server ${n}`);
	return each;
}

async function nodesSeenBy(one: DaemonProcess, headers: Readonly<Record<string, string>>): Promise<string> {
	const { data } = await one.call("GET", "/nodes", { headers });
	return JSON.stringify(data);
}

describe("two servers of one fleet", () => {
	test("make one first administrator, and take each other's tickets and users", async () => {
		const headers = await server(0).session(password);
		expect(await server(1).call("GET", "/access/acl", { headers })).toMatchObject({ status: 200 });
		const body = { userid: "jane@local" };
		expect(await server(1).call("POST", "/access/users", { headers, body })).toMatchObject({ status: 200 });
		const { data } = await server(0).call("GET", "/access/users", { headers });
		expect(data).toMatchObject([{ userid: "jane@local" }, { userid: "root@local" }]);
		expect(filesAtFirst).toBe(1);
	});

	test("see the nodes that an agent elsewhere looks after, and say that they are simulated", async () => {
		const headers = await server(1).session(password);
		const online = '[{"node":"n1","status":"online"},{"node":"n2","status":"online"}]';
		await until("both nodes are online", async () => (await nodesSeenBy(server(1), headers)) === online);
		expect(await server(0).call("GET", "/nodes", { headers })).toMatchObject({ simulated: true });
	});

	test("have a certificate each", async () => {
		const [one, other] = await Promise.all(servers.map((each) => each.https()));
		expect(one?.fingerprint).not.toBe(other?.fingerprint);
		const { code, err } = await cli(["--server", one?.url ?? "", "--ca", other?.ca ?? "", "node", "list"]);
		expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("is not trusted") });
	});
});

describe("a role", () => {
	test("loads what it plays: an agent no HTTP server, a server no agent", () => {
		expect(loaded("server")).toContain("/node_modules/fastify/");
		expect(loaded("server")).not.toContain("/packages/agent/src/agent.ts");
		expect(loaded("agent")).toContain("/packages/agent/src/agent.ts");
		expect(loaded("agent")).not.toMatch(/fastify|packages\/server\//);
	});

	test("leaves the rest alone: an agent opens no socket, a server makes nothing of a host", () => {
		expect(existsSync(agent.socket)).toBe(false);
		expect(existsSync(agent.stateFolder)).toBe(true);
		expect(readdirSync(join(server(0).stateFolder, "simulated"))).not.toContain("n1");
	});
});

describe("an agent that is killed", () => {
	test("is missed, and speaks for its nodes again when it is back", async () => {
		const headers = await server(0).session(password);
		await agent.kill();
		await until("the nodes are offline", async () => !/online/.test(await nodesSeenBy(server(0), headers)));
		agent.spawn();
		await until("the nodes are back", async () => !/offline/.test(await nodesSeenBy(server(0), headers)));
	});
});

describe("a fleet", () => {
	test("moves to another store, which must be empty, and is warned about agents that go on", async () => {
		const store = join(folder, "moved", "store.db");
		const copy = () =>
			cli([
				"store",
				"copy",
				"--from",
				`etcd:${etcd.url}#/pathkeeper-simulated/`,
				"--to",
				`embedded:${store}`,
			]);
		const first = await copy();
		expect(first).toMatchObject({ code: 0, err: expect.stringContaining("2 agents work with etcd") });
		expect(first.out).toMatch(/^\d+ documents \(\d+ bytes\) are copied .*, and read back\.$/m);
		const again = await copy();
		expect(again.code).toBe(1);
		expect(again.err).toContain("documents; nothing was copied");
	});

	test("is not made of nothing", async () => {
		const nothing = `embedded:${join(folder, "nothing.db")}`;
		const { code, err } = await cli(["store", "copy", "--from", nothing, "--to", `etcd:${etcd.url}#/other/`]);
		expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("there is no store") });
		expect(existsSync(join(folder, "nothing.db"))).toBe(false);
	});
});

describe("a daemon that cannot start", () => {
	test("says why, with the place of every setting that is wrong", async () => {
		const settings = join(folder, "settings");
		writeFileSync(settings, "PATHKEEPER_ROLE=agent\nPATHKEEPER_STORE=embedded\nPATHKEEPER_NOD=n1\n");
		await using daemon = new DaemonProcess(["--settings", settings]);
		daemon.spawn();
		expect(await daemon.ended()).toBe(2);
		expect(daemon.printed).toBe(
			[
				"the daemon's settings are not valid; nothing was started",
				`  ${settings}:3: there is no setting PATHKEEPER_NOD`,
				`  ${settings}:1 PATHKEEPER_ROLE: agent needs --store etcd: the embedded store belongs to one process`,
				"",
			].join("\n"),
		);
		expect(existsSync(daemon.stateFolder)).toBe(false);
	});

	test("on a port that is taken does not, when it was told that port", async () => {
		const { url } = await server(0).https();
		const port = new URL(url).port;
		await using daemon = new DaemonProcess(["--simulate", "1x1x1", "--listen", `127.0.0.1:${port}`]);
		daemon.spawn();
		expect(await daemon.ended()).toBe(1);
		expect(daemon.printed).toContain(
			`cannot listen on https://127.0.0.1:${port}: something else listens there`,
		);
	});

	test("with a password of etcd that everybody may read does not", async () => {
		const file = join(folder, "password");
		writeFileSync(file, "secret", { mode: 0o644 });
		const login = ["--etcd-user", "root", "--etcd-password-file", file];
		await using daemon = new DaemonProcess(["--role", "server", "--etcd", etcd.url, ...login]);
		daemon.spawn();
		expect(await daemon.ended()).toBe(2);
		expect(daemon.printed).toContain("everybody may read it");
	});
});
