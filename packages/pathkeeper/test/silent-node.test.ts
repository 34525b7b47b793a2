/** Nodes that go silent, in processes of their own: what is told of their LUNs, and how they are removed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type EtcdProcess, startEtcd } from "../../store/test/etcd/etcd-process.ts";
import { DaemonProcess, until } from "./daemon-process.ts";

vi.setConfig({ testTimeout: 300_000 });

let folder = "";
let etcd: EtcdProcess;
let agent: DaemonProcess;
let server: DaemonProcess;

interface Status {
	readonly luns: readonly {
		readonly wwid: string;
		readonly state: string;
		readonly reasons: readonly string[];
		readonly nodes: Readonly<Record<string, { readonly state: string; readonly last?: string }>>;
	}[];
	readonly nodes: readonly { readonly node: string; readonly online: number }[];
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "pk-silent-"));
	etcd = await startEtcd();
	agent = new DaemonProcess(["--role", "agent", "--simulate", "2x2x2", "--etcd", etcd.url]);
	agent.spawn();
	server = new DaemonProcess([
		...["--role", "server", "--simulate", "--etcd", etcd.url, "--listen", "127.0.0.1:0"],
	]);
	server.spawn();
	await Promise.all([agent, server].map((each) => each.says("pathkeeper is ready")));
	await until("LUNs are seen", async () => (await candidates()).length === 2);
	for (const wwid of await candidates())
		expect((await server.cli("lun", "allow", wwid, "--no-wait")).code).toBe(0);
	await until("all is optimal", async () => (await server.cli("status")).code === 0);
});
afterAll(async () => {
	await Promise.all([agent, server].map((each) => each[Symbol.asyncDispose]()));
	await etcd.dispose();
	rmSync(folder, { recursive: true });
});

async function candidates(): Promise<readonly string[]> {
	const { out } = await server.cli("-o", "json", "lun", "list", "--candidates");
	const rows: readonly { readonly wwid: string }[] = JSON.parse(out || "[]");
	return rows.map(({ wwid }) => wwid);
}

async function status(): Promise<Status & { readonly code: number }> {
	const { code, out } = await server.cli("-o", "json", "status");
	const fleet: Status = JSON.parse(out);
	return { ...fleet, code };
}

const states = async () => (await status()).luns.map(({ state }) => state).join();
const log = async (): Promise<readonly { readonly event: string; readonly text: string }[]> =>
	JSON.parse((await server.cli("-o", "json", "log")).out);

test("a sick LUN gets no better when the multipathd of its node dies, nor when its agent does", async () => {
	expect((await agent.cli("sim", "fail", "session", "n1", "deneb-1")).code).toBe(0);
	await until("its LUNs are degraded", async () => (await states()) === "degraded,degraded");
	expect((await status()).code).toBe(1);
	expect((await agent.cli("sim", "kill", "n1")).code).toBe(0);
	await until("they are unknown", async () => (await states()) === "unknown,unknown");
	const dead = await status();
	expect(dead.code).toBe(3);
	expect(dead.luns[0]?.nodes).toMatchObject({ n1: { state: "unknown", last: "degraded" } });
	expect(dead.luns[0]?.reasons.join()).toContain("degraded when it last answered: ");

	await agent.kill();
	await until("the nodes are missed", async () => (await status()).nodes.every(({ online }) => online === 0));
	const silent = await status();
	expect(silent.code).toBe(3);
	expect(silent.luns[0]?.nodes).toMatchObject({ n2: { state: "unknown", last: "optimal" } });
	await until(
		"it is noted since when",
		async () =>
			(await status()).luns[0]?.reasons.some((reason) =>
				/^n2: not known since 2.* UTC; optimal then/.test(reason),
			) === true,
	);
	const entries = await log();
	expect(entries.filter(({ event }) => event === "optimal").map(({ text }) => text)).toEqual([]);
});

test("a node that is gone is removed, and its agent joins as new when it comes back after all", async () => {
	const removed = await server.cli("node", "remove", "n2", "--confirm", "n2");
	expect(removed).toMatchObject({ code: 0, err: "" });
	expect((await status()).nodes.map(({ node }) => node)).toEqual(["n1"]);
	expect((await server.cli("node", "remove", "n2")).err).toContain("node 'n2' does not exist");
	await until("the log tells of it", async () =>
		(await log()).some(({ text }) => text === "n2 was taken out of the fleet"),
	);
	agent.spawn();
	await until("it is back", async () => (await status()).nodes.length === 2);
	await until("the log tells of that", async () =>
		(await log()).some(({ text }) => text === "n2 joined the fleet"),
	);
	expect((await server.cli("node", "remove", "n2", "--confirm", "n2")).err).toMatch(
		/was not removed, because its agent is running/,
	);
});
