/** The live view, metrics and the log of a fleet, as processes: daemons that come and go over one real etcd. */

import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { zstdCompressSync } from "node:zlib";
import { draft } from "@pathkeeper/model";
import { joinFleet, logId, logWrite, openEtcdStore, type Store } from "@pathkeeper/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EtcdProcess, startEtcd } from "../../store/test/etcd/etcd-process.ts";
import { realRuntime } from "../src/runtime/real-runtime.ts";
import { cli, DaemonProcess, until } from "./daemon-process.ts";

const wwid = (number: number) => `36001405000000000000000000000000${number}`;

let etcd: EtcdProcess;
let store: Store;
let agent: DaemonProcess;
let servers: readonly DaemonProcess[] = [];
let token = "";

beforeAll(async () => {
	etcd = await startEtcd();
	store = await openEtcdStore({
		runtime: realRuntime,
		endpoints: [etcd.url],
		prefix: "/pathkeeper-simulated/",
	});
	const server = ["--role", "server", "--simulate", "--etcd", etcd.url, "--listen", "127.0.0.1:0"];
	agent = new DaemonProcess(["--role", "agent", "--simulate", "2x2x2", "--etcd", etcd.url]);
	servers = [new DaemonProcess(server), new DaemonProcess([...server, "--metrics-allow", "127.0.0.0/8"])];
	for (const each of [agent, ...servers]) each.spawn();
	await Promise.all([agent, ...servers].map((each) => each.says("pathkeeper is ready")));
	await until("somebody is there to log in", async () =>
		(await server0().cli("user", "list")).out.includes("root"),
	);
	const made = await server0().cli("-o", "json", "token", "add", "root@local!test", "--no-privsep");
	({ token } = JSON.parse(made.out));
	// What stands there when the log begins is nobody's change.
	await until("the log has begun", async () => (await store.get("history-memory")) !== null);
	// A failing path is seen when its checker comes round.
	expect((await server0().cli("config", "set", "polling-interval=1", "--no-wait")).code).toBe(0);
	for (const number of [1, 2])
		expect((await server0().cli("lun", "allow", wwid(number), `alias=lun-${number}`)).code).toBe(0);
}, 400_000);
afterAll(async () => {
	await Promise.all([agent, ...servers].map((each) => each[Symbol.asyncDispose]()));
	await store.close();
	await etcd.dispose();
});

function server0(): DaemonProcess {
	return at(0);
}

function at(n: number): DaemonProcess {
	const each = servers[n];
	if (each === undefined) throw new Error(`there is no server ${n}`);
	return each;
}

interface Row {
	readonly id: string;
	readonly event: string;
	readonly kind: string;
	readonly text: string;
	readonly count: number;
	readonly by: string | null;
	readonly nodes: readonly string[];
}

/** The log, oldest first, as the command line tells it to programs. */
async function log(n: number, ...args: readonly string[]): Promise<readonly Row[]> {
	const { out, err, code } = await at(n).cli("-o", "json", "log", "-n", "1000", ...args);
	if (code !== 0) throw new Error(err);
	return JSON.parse(out);
}

async function stateOf(alias: string): Promise<string> {
	const { out } = await server0().cli("-o", "json", "lun", "list");
	const rows: readonly { readonly alias: string; readonly state: string }[] = JSON.parse(out);
	return rows.find((row) => row.alias === alias)?.state ?? "none";
}

async function holder(): Promise<string> {
	const entry = await store.get("lock/history");
	return entry === null ? "" : new TextDecoder().decode(entry.value);
}

async function stream(
	daemon: DaemonProcess,
	headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
	const { url, ca } = await daemon.https();
	return await new Promise((resolve, reject) => {
		const options = { ca: readFileSync(ca), headers, agent: false };
		get(`${url}/api2/json/cluster/events`, options, resolve).on("error", reject);
	});
}

describe("the live view over HTTPS", () => {
	test("streams what changes to who may see it, and ends when they may no more", async () => {
		expect((await stream(server0(), {})).statusCode).toBe(401);
		const made = await server0().cli("-o", "json", "token", "add", "root@local!screen", "--no-privsep");
		const { token: screen }: { token: string } = JSON.parse(made.out);
		const events = await stream(server0(), { authorization: `PVEAPIToken=${screen}` });
		expect(events.statusCode).toBe(200);
		let text = "";
		let over = false;
		events.setEncoding("utf8");
		events.on("data", (part: string) => (text += part));
		events.on("close", () => (over = true));
		events.on("error", () => undefined);
		await until("the whole matrix came", () => text.includes("event: snapshot\n"));
		expect(text).toContain('"simulated":1');
		expect((await agent.cli("sim", "fail", "port", "deneb-1")).code).toBe(0);
		await until("the change came", () =>
			/event: (delta|snapshot)\n.*degraded/.test(text.slice(text.indexOf("\n\n") + 2)),
		);
		// What fails and comes back within one burst is told as that.
		await until("the log tells of it", async () => (await log(0)).some(({ event }) => event === "degraded"));
		expect((await server0().cli("token", "remove", "root@local!screen")).code).toBe(0);
		// Any next event is enough to find out.
		expect((await agent.cli("sim", "restore", "port", "deneb-1")).code).toBe(0);
		await until("the stream ended", () => over);
		await until("all is well again", async () => (await stateOf("lun-1")) === "optimal");
	}, 400_000);

	test("has metrics for a token, and for addresses that are allowed", async () => {
		const { url, ca } = await server0().https();
		const ask = async (from: string, headers: Readonly<Record<string, string>>) =>
			await new Promise<{ status: number; body: string }>((resolve, reject) => {
				get(
					`${from}/metrics`,
					{ ca: readFileSync(ca), headers, agent: false, rejectUnauthorized: from === url },
					(answer) => {
						let body = "";
						answer.on("data", (part: Buffer) => (body += part.toString()));
						answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
					},
				).on("error", reject);
			});
		expect((await ask(url, {})).status).toBe(401);
		const known = async () => (await ask(url, { authorization: `PVEAPIToken=${token}` })).body;
		const { url: other } = await at(1).https();
		const allowed = async () => (await ask(other, {})).body;
		const both = 'pathkeeper_luns{state="optimal"} 2\n';
		await until("both LUNs are optimal for a token", async () => (await known()).includes(both));
		expect(await known()).toContain('simulated="1"');
		await until("and for an address", async () => (await allowed()).includes(both));
	}, 400_000);
});

describe("the log of a fleet", () => {
	test("tells who changed what, and what failed and came back, through every server the same", async () => {
		await until("what happened is told", async () => {
			const events = (await log(0)).map(({ kind, event }) => `${kind} ${event}`);
			return (
				events.some((each) => each.startsWith("config")) &&
				events.includes("lun degraded") &&
				events.includes("lun optimal")
			);
		});
		const rows = await log(0);
		expect(rows.find(({ kind }) => kind === "config")?.by).toBe("root@local");
		expect(await log(1)).toEqual(rows);
		expect(rows.some(({ text }) => text.includes("deneb") || text.includes("lun-1"))).toBe(true);
		const { url, ca } = await at(1).https();
		const remote = await cli(["--server", url, "--ca", ca, "-o", "json", "log", "-n", "1000"], {
			PATHKEEPER_TOKEN: token,
		});
		expect(JSON.parse(remote.out)).toHaveLength(rows.length);
		expect((await at(0).cli("log")).out).toMatch(/^SIMULATED/);
	}, 400_000);

	test("folds a path that flaps into one entry with a count", async () => {
		expect((await agent.cli("sim", "--times", "5", "--every", "3000", "flap", "port", "deneb-1")).code).toBe(
			0,
		);
		const flapping = async () => (await log(0, "--kind", "path")).filter(({ event }) => event === "flapping");
		await until("it is told as flapping", async () => (await flapping()).some(({ count }) => count >= 4));
		expect(await flapping()).toHaveLength(1);
		expect((await flapping())[0]?.nodes).toEqual(["n1", "n2"]);
		await until("it is over", async () => (await stateOf("lun-1")) === "optimal");
	}, 400_000);

	test("is kept by one server at a time; when that one is killed another goes on, and nothing is told twice", async () => {
		const before = await holder();
		const writer = [0, 1].find((n) => before.includes(`process ${at(n).pid})`));
		if (writer === undefined) throw new Error(`no server of ours keeps the log: ${before}`);
		const old = { kind: "lun", event: "failed", severity: "error", text: "long ago" } as const;
		const then = Date.now() - 7.1 * 24 * 3600_000;
		await store.txn({ writes: [logWrite({ id: logId(then, 1), ...draft(then, old) })] });
		const told = (await log(writer === 0 ? 1 : 0)).filter(({ text }) => text !== old.text);
		await at(writer).kill();
		await until("the other keeps it", async () => ![before, ""].includes(await holder()));
		at(writer).spawn();
		await at(writer).says("pathkeeper is ready");
		const now = await log(writer);
		expect(now.filter(({ text }) => text === old.text)).toEqual([]);
		expect(now.slice(0, told.length).map(({ id }) => id)).toEqual(told.map(({ id }) => id));
		const texts = now.slice(told.length).map(({ text }) => text);
		expect(texts.filter((text) => told.some((old) => old.text === text && /alias/.test(text)))).toEqual([]);
	}, 400_000);

	test("survives etcd, servers and agents, and tells afterwards what happened meanwhile", async () => {
		const before = await log(0);
		await Promise.all(servers.map((server) => server.kill()));
		await agent.kill();
		await etcd.killed();
		etcd.start();
		await etcd.serving();
		for (const each of [agent, ...servers]) each.spawn();
		await Promise.all([agent, ...servers].map((each) => each.says("pathkeeper is ready")));
		const after = await log(0);
		expect(after.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
		await until("all is well again", async () => (await stateOf("lun-1")) === "optimal");
	}, 400_000);
});

describe("what cannot be known", () => {
	/** Of each LUN, its states on some nodes. */
	async function states(...names: readonly string[]): Promise<string> {
		const { out } = await server0().cli("-o", "json", "status");
		const { luns }: { luns: readonly { nodes: Record<string, { state: string }> }[] } = JSON.parse(out);
		return luns.map(({ nodes }) => names.map((name) => nodes[name]?.state).join(" ")).join(", ");
	}

	test("of a node whose report is damaged is unknown, and no other node is touched by it", async () => {
		await until(
			"both nodes are well",
			async () => (await states("n1", "n2")) === "optimal optimal, optimal optimal",
		);
		const run = { run: "x", agentVersion: "1.2.3", intervalMs: 600_000, joinedAt: Date.now() };
		const { lease } = await joinFleet(store, { node: "n3", ...run });
		const isAlone = async () =>
			(await states("n1", "n2", "n3")) === "optimal optimal unknown, optimal optimal unknown";
		const another = await store.get("report/n1");
		const damaged = [
			Buffer.from("no report"),
			zstdCompressSync("{}"),
			zstdCompressSync("0".repeat(2 ** 28)),
			another?.value,
		];
		for (const value of damaged) {
			if (value === undefined) throw new Error("n1 has no report");
			await store.txn({ writes: [{ op: "put", key: "report/n3", value }] });
			await until("n3 alone is unknown", isAlone);
			const { code, out } = await server0().cli("node", "list");
			expect(code).toBe(0);
			expect(out).toMatch(/^n3 +online +unknown/m);
		}
		expect((await server0().cli("status")).code).toBe(3);
		await lease.revoke();
		await until("n3 is gone", async () => /^n3 +offline/m.test((await server0().cli("node", "list")).out));
		await until("n3 alone is unknown still", isAlone);
	}, 400_000);

	test("of nodes whose agent is killed is unknown, until it is back", async () => {
		await agent.kill();
		await until(
			"they are unknown",
			async () => (await states("n1", "n2")) === "unknown unknown, unknown unknown",
		);
		expect((await server0().cli("status")).code).toBe(3);
		const last = async (event: string) =>
			(await log(0, "--kind", "node")).findLastIndex(
				(row) => row.event === event && row.nodes.includes("n1"),
			);
		// The log tells of states that it sees: one that is over before its writer looked is not among them.
		await until("the log tells of it", async () => (await last("offline")) > (await last("online")));
		agent.spawn();
		await until(
			"they are well again",
			async () => (await states("n1", "n2")) === "optimal optimal, optimal optimal",
		);
		await until("the log tells of that", async () => (await last("online")) > (await last("offline")));
	}, 400_000);
});
