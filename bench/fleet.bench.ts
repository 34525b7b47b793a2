/**
 * A fleet of 100 agents over simulated hosts of 1,000 LUNs x 4 paths, with one etcd and one server. Agents and server
 * are processes of their own. `NODES`, `LUNS` and `PATHS` make it another size, `AGENT_PROCESSES` spreads the agents,
 * `PARTS` names some of `idle`, `failures`, `matrix`, `commits`, `storm`.
 *
 * All of it shares the processors of one machine, and what the played multipathds and 100 agents burn there is spread
 * over 100 hosts in life. So beside each time stands what the server itself used, and one node alone is measured, too.
 * The server alone in a storm: `storm.bench.ts`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Picture, unpackCell } from "@pathkeeper/model";
import { openEtcdStore, readConfig, writeConfig } from "@pathkeeper/store";
import { realRuntime } from "../packages/pathkeeper/src/runtime/real-runtime.ts";
import { startEtcd } from "../packages/store/test/etcd/etcd-process.ts";
import { etcdSize } from "./src/fleet/etcd-size.ts";
import { EventStream } from "./src/fleet/event-stream.ts";
import { configOf, isAll, isSettled, wwidOf } from "./src/fleet/expected-fleet.ts";
import { AgentProcesses, startServer } from "./src/fleet/fleet-processes.ts";
import { machineMs } from "./src/fleet/machine-clock.ts";
import { askAgain } from "./src/fleet/requests.ts";
import { line, max, ms, percentile, percentiles, title } from "./src/fleet/result-lines.ts";
import { judged, median } from "./src/measure.ts";

const given = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const [nodes, luns, paths] = [given("NODES", 100), given("LUNS", 1000), given("PATHS", 4)];
const parts = (process.env["PARTS"] ?? "idle,failures,matrix,commits,storm").split(",");
const aims = { commitMs: 2000, eventMs: 500, stormMs: 3000, residentMb: 350 };

console.log(`${nodes} nodes x ${luns} LUNs x ${paths} paths`);
const etcd = await startEtcd();
const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url], callMs: 60_000 });
const config = configOf(luns);
const isWell = (picture: Picture) => isAll(picture, "optimal", { nodes, luns });
const isCalm = (picture: Picture) => isWell(picture) && isSettled(picture);
/** Agents look every two minutes here, and settle with the second look. */
const settleMs = 400_000;
await writeConfig(store, "multipath.cfg", config, { by: "root@pam", from: null, at: Date.now() });
using server = await startServer(etcd.url);
using agents = new AgentProcesses(given("AGENT_PROCESSES", 5), { etcd: etcd.url, nodes, luns, paths });
await agents.gather("hosts are up", agents.count);

const loop = await plainLoop();
if (parts.includes("commits")) await commitsAlone();
const startedAt = machineMs();
agents.order({ to: "start agents" });
using events = new EventStream(server.port);
await events.until("all is well", isCalm, settleMs);
console.error(`all is well after ${ms(machineMs() - startedAt)}`);
await delay(10_000);
if (parts.includes("idle")) await idle();
if (parts.includes("failures")) await pathFailures();
if (parts.includes("matrix")) await matrix();
// What keeps every agent busy, and with 100 of them on two cores for minutes, comes last.
if (parts.includes("commits")) await commits();
if (parts.includes("storm")) await storm();
await store.close();
await etcd.dispose();

/** Writes the files and lets multipathd read them, node after node; gives what it took in milliseconds. */
async function plainLoop(): Promise<number> {
	const took: number[] = [];
	const before = agents.cpuMs();
	// One alias is another, so that the agents find something to apply afterwards.
	const other = config.replace("alias lun-0\n", "alias looped\n");
	for (let at = 0; at < agents.count; at++) {
		const looped = agents.gather("looped", 1);
		agents.order({ to: "loop over the nodes", config: other }, at);
		took.push(...(await looped).flatMap(({ ms }) => ms));
	}
	const all = took.reduce((sum, ms) => sum + ms, 0);
	title("a plain loop that writes the file and reconfigures, node after node");
	line("one node", `${ms(median(took))}; all, one after the other: ${ms(all)}`);
	line("processor time of a node", ms((agents.cpuMs() - before) / nodes));
	return all;
}

async function idle(): Promise<void> {
	title("nothing happens");
	const [serverMs, agentsMs] = await costOf(async () => await delay(15_000));
	line("processor, of a core", `server ${share(serverMs, 15_000)}, all agents ${share(agentsMs, 15_000)}`);
	memory();
}

/** As in life, where each agent has a host to itself: before the others are there to share this one. */
async function commitsAlone(): Promise<void> {
	const started = agents.gather("applied", 1);
	agents.order({ to: "start an agent" }, 0);
	await started;
	const times: number[] = [];
	for (let round = 0; round < 20; round++) {
		await delay(2_000);
		times.push(...(await commit(luns - 1, `alone-${round}`, 1)));
	}
	await commit(luns - 1, `lun-${luns - 1}`, 1);
	title("a change of one alias, from the request until it is applied, where one agent has the machine");
	const p99 = percentile(times, 99);
	line("on one node", `${percentiles(times)} (${judged(p99, aims.commitMs, " ms")})`);
}

async function commits(): Promise<void> {
	title("a change of one alias, from the request until it is applied");
	const times: number[] = [];
	const costs: number[] = [];
	for (let round = 0; round < 3; round++) {
		const [, agentsMs] = await costOf(async () => {
			times.push(...(await commit(round, `round-${round}`, nodes)));
		});
		costs.push(agentsMs / nodes);
		await events.until("all is well", isWell);
		await delay(3_000);
	}
	line(
		`on all ${nodes} nodes`,
		`${percentiles(times)}; the loop takes ${(loop / max(times)).toFixed(1)}x as long`,
	);
	line("processor time of a node, multipathd's with it", ms(median(costs)));
}

/** Changes a LUN; gives when each node had applied it. */
async function commit(lun: number, alias: string, count: number): Promise<number[]> {
	const began = machineMs();
	const { digest: before } = await readConfig(store, "multipath.cfg");
	const applied = agents.gather("applied", count, ({ digest }) => digest !== before);
	const response = await fetch(
		`http://127.0.0.1:${server.port}/api2/json/cluster/multipath/wwids/${wwidOf(lun)}`,
		{
			method: "PUT",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ alias }),
		},
	);
	if (!response.ok) throw new Error(await response.text());
	return (await applied).map(({ at }) => at - began);
}

/** One path of each node fails, one node after the other: from the kernel's event to the byte of the cell. */
async function pathFailures(): Promise<void> {
	title("a path fails, until its event is with a client");
	const times: number[] = [];
	for (let at = 0; at < nodes; at++) {
		const place = { node: `n${at + 1}`, wwid: wwidOf((at * 7) % luns) };
		const failed = agents.gather(
			"path failed",
			1,
			({ node, wwid }) => node === place.node && wwid === place.wwid,
		);
		const shown = events.until("it is shown", (picture) => stateAt(picture, place) === "degraded");
		agents.order({ to: "fail a path", ...place });
		const [news] = await failed;
		times.push((await shown) - (news?.at ?? Number.NaN));
		agents.order({ to: "restore a path", ...place });
	}
	line("all", `${percentiles(times)} (${judged(percentile(times, 99), aims.eventMs, " ms")})`);
	await events.until("all is well", isCalm);
}

async function matrix(): Promise<void> {
	title("the matrix, beside a route that answers nothing");
	const asked = { forMs: 2_000, connections: 8 };
	const kinds = { empty: "/empty", matrix: "/api2/json/cluster/multipath/matrix" } as const;
	const rounds = { empty: [0], matrix: [0] };
	const costs = { empty: [0], matrix: [0] };
	let bytes = 0;
	for (let round = 0; round < 5; round++) {
		for (const kind of ["empty", "matrix"] as const) {
			const [serverMs] = await costOf(async () => {
				const answers = await askAgain(server.port, kinds[kind], asked);
				rounds[kind].push(answers.perSecond);
				bytes = answers.bytes;
			});
			costs[kind].push(serverMs / ((rounds[kind].at(-1) ?? 0) * (asked.forMs / 1000)));
		}
	}
	for (const kind of ["empty", "matrix"] as const) {
		const cost = median(costs[kind].slice(1));
		line(
			kind,
			`${median(rounds[kind].slice(1)).toFixed(0)} requests/s, ${cost.toFixed(2)} ms of the server each`,
		);
	}
	line("bytes of the matrix", `${bytes} for ${nodes * luns} cells`);
}

/** Every path of one fabric fails on every node. */
async function storm(): Promise<void> {
	title("every path of one fabric fails on every node");
	await events.until("all is well", isCalm, settleMs);
	const before = await etcdSize(etcd);
	const began = machineMs();
	const failed = agents.gather("fabric failed", agents.count);
	const shown = events.until("all is degraded", (picture) => isAll(picture, "degraded", { nodes, luns }));
	let last = 0;
	let shownAt = 0;
	const [serverMs, agentsMs] = await costOf(async () => {
		agents.order({ to: "fail a fabric" });
		last = max((await failed).map((news) => news.last));
		shownAt = await shown;
	});
	const after = await etcdSize(etcd);
	line("until the last path failed", ms(last - began));
	line(
		"until the server showed it",
		`${ms(shownAt - began)} (${judged(shownAt - began, aims.stormMs, " ms")})`,
	);
	line("processor time meanwhile", `server ${ms(serverMs)}, all agents ${ms(agentsMs)}`);
	const writes = after.revision - before.revision;
	line("etcd", `${writes} writes, ${(writes / ((shownAt - began) / 1000)).toFixed(0)}/s`);
	line("etcd's database", `${before.databaseMb.toFixed(0)} MB, then ${after.databaseMb.toFixed(0)} MB`);
	line("etcd's folder", `${before.folderMb.toFixed(0)} MB, then ${after.folderMb.toFixed(0)} MB`);
	await delay(5_000);
	memory();
}

function stateAt(picture: Picture, { node, wwid }: { readonly node: string; readonly wwid: string }) {
	const row = picture.luns.findIndex((lun) => lun.wwid === wwid);
	const column = picture.nodes.findIndex((other) => other.node === node);
	return unpackCell(picture.states[row * picture.nodes.length + column] ?? 0).state;
}

/** Milliseconds of processor time of the server and of all agents. */
async function costOf(work: () => Promise<void>): Promise<readonly [server: number, agents: number]> {
	const before = [server.usage().ownMs, agents.cpuMs()] as const;
	await work();
	return [server.usage().ownMs - before[0], agents.cpuMs() - before[1]];
}

function memory(): void {
	const { residentMb, anonymousMb } = server.usage();
	const verdict = judged(residentMb, aims.residentMb, " MB");
	line(
		"memory of the server",
		`${residentMb.toFixed(0)} MB, ${anonymousMb.toFixed(0)} MB no mapped file (${verdict})`,
	);
}

function share(cpuMs: number, forMs: number): string {
	return `${((cpuMs / forMs) * 100).toFixed(1)} %`;
}
