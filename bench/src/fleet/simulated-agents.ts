/**
 * A share of the fleet in a process of its own, so that what agents and played hosts burn is not counted as the
 * server's: real agents over simulated hosts, whose multipathd speaks on real sockets. Does what the parent says
 * (`Order`) and tells what happened and when (`News`), on the clock that all processes of a machine share.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, type Log } from "@pathkeeper/agent";
import { readFleetConfig, renderNode } from "@pathkeeper/model";
import { San, type SimulatedHost, sanOf, simulateHost } from "@pathkeeper/simulator";
import { openEtcdStore, type Store } from "@pathkeeper/store";
import { realRuntime } from "../../../packages/pathkeeper/src/runtime/real-runtime.ts";
import { machineMs } from "./machine-clock.ts";
import type { News, Order, Share } from "./orders.ts";

const share: Share = JSON.parse(process.argv[2] ?? "{}");
const tell = (news: News) => void process.send?.(news);

const whole = sanOf({ nodes: share.nodes, luns: share.luns, pathsPerLun: share.paths });
const san = new San({ ...whole, nodes: whole.nodes.slice(share.from, share.to) }, realRuntime);
/** Every path is checked each second, and answers may take as long as this crowded process needs. */
const mainConf = "defaults {\n\tpolling_interval 1\n\tmax_polling_interval 1\n\tuxsock_timeout 600000\n}\n";
/** Looks that nothing asks for are rare, or they would leave the processors for nothing else; events hurry them. */
const intervalMs = 120_000;
const answerMs = 60_000;
/** As long as it takes until an agent's turn comes among all that share this process. */
const callMs = 300_000;
const hosts: SimulatedHost[] = [];
for (const { name } of san.nodes) hosts.push(await startHost(name));

const stop = new AbortController();
const running: Promise<void>[] = [];
const complaints = new Set<string>();
const fabric = { failed: 0, first: 0, last: 0 };

process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => void obey(order));
tell({ told: "hosts are up" });

async function obey(order: Order): Promise<void> {
	switch (order.to) {
		case "loop over the nodes":
			tell({ told: "looped", ms: await plainLoop(order.config) });
			return;
		case "start an agent":
			await startAgents(1);
			return;
		case "start agents":
			await startAgents(hosts.length);
			return;
		case "fail a path":
		case "restore a path":
			changePath(order);
			return;
		case "fail a fabric":
			Object.assign(fabric, { failed: 0, first: machineMs(), last: 0 });
			san.failFabric("red");
			return;
		case "restore the fabric":
			san.restoreFabric("red");
			return;
		case "leave":
			stop.abort();
			await Promise.all(running);
			tell({ told: "left" });
	}
}

async function startHost(node: string): Promise<SimulatedHost> {
	const root = join(share.folder, node);
	mkdirSync(join(root, "etc/multipath"), { recursive: true });
	writeFileSync(join(root, "etc/multipath.conf"), mainConf);
	const listed = san.luns.map(({ plan }) => `/${plan.wwid}/\n`).join("");
	writeFileSync(join(root, "etc/multipath/wwids"), `# Multipath wwids, Version : 1.0\n${listed}`);
	const host = await simulateHost({ runtime: realRuntime, node, san, root, deadlineMs: 120_000 });
	host.kernel.listen({ pathFailed: (map, disk) => noteFailed(node, map.wwid, disk.session.port.fabric.up) });
	return host;
}

/** Single paths are told one by one, those of a whole fabric together. */
function noteFailed(node: string, wwid: string, alone: boolean): void {
	const at = machineMs();
	if (alone) {
		tell({ told: "path failed", node, wwid, at });
		return;
	}
	fabric.failed += 1;
	fabric.last = at;
	const { first, last, failed } = fabric;
	if (failed === hosts.length * share.luns * (share.paths / 2)) tell({ told: "fabric failed", first, last });
}

/** What a script does today: write the file, tell the daemon, wait for it, next node. */
async function plainLoop(config: string): Promise<number[]> {
	const took: number[] = [];
	for (const host of hosts) {
		const began = machineMs();
		const input = {
			config: readFleetConfig(config).config,
			overrides: "",
			toolsVersion: null,
			node: host.node,
		};
		for (const { name, text } of renderNode(input).files) {
			await host.files.replace(`/etc/multipath/conf.d/${name}`, text);
		}
		await host.multipathd.reconfigure();
		while ((await host.multipathd.status()).phase !== "idle") await delay(50);
		took.push(machineMs() - began);
	}
	return took;
}

/** One after the other: begun at once they would keep each other from answering the store in time. */
async function startAgents(count: number): Promise<void> {
	for (const host of hosts.slice(running.length, running.length + count)) await startAgent(host);
}

/** Starts an agent and waits until it has applied the configuration. */
async function startAgent(host: SimulatedHost): Promise<void> {
	const { node } = host;
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: [share.etcd], callMs });
	const { promise: hasApplied, resolve } = Promise.withResolvers<void>();
	const log: Log = {
		debug: () => undefined,
		info: (fields, message) => {
			if (message !== "configuration applied") return;
			resolve();
			tell({ told: "applied", node, digest: String(fields["config"]), at: machineMs() });
		},
		warn: complain,
		error: complain,
	};
	const agent = new Agent({ host, store, runtime: realRuntime, log, version: "bench", intervalMs, answerMs });
	running.push(runAndClose(agent, store));
	await hasApplied;
}

async function runAndClose(agent: Agent, store: Store): Promise<void> {
	try {
		await agent.run(stop.signal);
	} finally {
		await store.close();
	}
}

/** What many agents say is said once. */
function complain(fields: object, message: string): void {
	if (complaints.has(message)) return;
	complaints.add(message);
	console.error("an agent:", message, fields);
}

function changePath({ to, node, wwid }: Extract<Order, { readonly wwid: string }>): void {
	const dev = hosts.find((host) => host.node === node)?.kernel.disksOf(wwid)[0]?.dev;
	if (dev === undefined) return;
	if (to === "fail a path") san.failPath(node, dev);
	else san.restorePath(node, dev);
}
