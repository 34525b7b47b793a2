/**
 * The server alone in a storm: 100 nodes whose reports say within a second that every path of one fabric failed, of
 * 1,000 LUNs x 4 paths each. The reports are those that one real agent made of a simulated host, calm and after the
 * fabric failed; they are written under 100 names, with 100 initiators, by a process that does nothing else. One real
 * etcd; the server is a process of its own. `NODES`, `LUNS` and `PATHS` make it another size.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Picture, Report } from "@pathkeeper/model";
import { openEtcdStore, readReports, writeConfig } from "@pathkeeper/store";
import { realRuntime } from "../packages/pathkeeper/src/runtime/real-runtime.ts";
import { startEtcd } from "../packages/store/test/etcd/etcd-process.ts";
import { etcdSize } from "./src/fleet/etcd-size.ts";
import { EventStream } from "./src/fleet/event-stream.ts";
import { configOf, isAll } from "./src/fleet/expected-fleet.ts";
import { AgentProcesses, startServer } from "./src/fleet/fleet-processes.ts";
import { machineMs } from "./src/fleet/machine-clock.ts";
import { asNode, Players } from "./src/fleet/players.ts";
import { line, ms, percentiles, title } from "./src/fleet/result-lines.ts";
import { judged, median } from "./src/measure.ts";

const given = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const [nodes, luns, paths] = [given("NODES", 100), given("LUNS", 1000), given("PATHS", 4)];
const rounds = given("ROUNDS", 7);
const aims = { stormMs: 3000, residentMb: 350 };

console.log(`${nodes} nodes x ${luns} LUNs x ${paths} paths`);
const etcd = await startEtcd();
const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url], callMs: 60_000 });
await writeConfig(store, "multipath.cfg", configOf(luns), { by: "root@pam", from: null, at: Date.now() });
const { calm, failed } = await recordedReports();
const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
const players = new Players(store);
const played = {
	calm: await players.record(names.map((node) => asNode(calm, node))),
	failed: await players.record(names.map((node) => asNode(failed, node))),
};
await players.play(played.calm, 1_000);

using server = await startServer(etcd.url);
const begun = machineMs();
using events = new EventStream(server.port);
const shown = (state: "optimal" | "degraded") =>
	events.until(`all is ${state}`, (picture: Picture) => isAll(picture, state, { nodes, luns }));
await shown("optimal");
title("the server starts over a fleet that is there");
line("until it shows all", `${ms(machineMs() - begun)}, ${ms(server.usage().ownMs)} of its processor time`);
memory();

title("every path of one fabric fails on every node");
const times: number[] = [];
const costs: number[] = [];
const writes: number[] = [];
for (let round = 0; round < rounds; round++) {
	await delay(3_000);
	const before = { cpu: server.usage().ownMs, revision: (await etcdSize(etcd)).revision };
	const began = machineMs();
	const isShown = shown("degraded");
	await players.play(played.failed, 1_000);
	times.push((await isShown) - began);
	costs.push(server.usage().ownMs - before.cpu);
	writes.push((await etcdSize(etcd)).revision - before.revision);
	await delay(3_000);
	await players.play(played.calm, 1_000);
	await shown("optimal");
}
line(
	"until the server shows it",
	`${percentiles(times)} (p50: ${judged(median(times), aims.stormMs, " ms")})`,
);
line("processor time of the server", ms(median(costs)));
line("bytes of a report", `${played.calm[0]?.bytes} when calm, ${played.failed[0]?.bytes} in the storm`);
const { databaseMb, folderMb } = await etcdSize(etcd);
line(
	"etcd",
	`${median(writes)} writes a storm; after ${rounds}: ${databaseMb.toFixed(0)} MB, folder ${folderMb.toFixed(0)} MB`,
);
memory();
await players.leave();
await store.close();
await etcd.dispose();

/** What one real agent reports before and after a fabric of its host failed. */
async function recordedReports(): Promise<{ readonly calm: Report; readonly failed: Report }> {
	using agents = new AgentProcesses(1, { etcd: etcd.url, nodes: 1, luns, paths });
	await agents.gather("hosts are up", 1);
	const applied = agents.gather("applied", 1);
	agents.order({ to: "start agents" });
	await applied;
	const isFailed = ({ dmState }: { readonly dmState: string | null }) => dmState === "failed";
	const whole = await reportThat(
		({ settling, maps }) =>
			!settling && maps.length === luns && maps.every(({ name }) => name.startsWith("lun-")),
	);
	agents.order({ to: "fail a fabric" });
	const broken = await reportThat(({ maps }) =>
		maps.every(({ groups }) => groups.flatMap((group) => group.paths).filter(isFailed).length === paths / 2),
	);
	const left = agents.gather("left", 1);
	agents.order({ to: "leave" });
	await left;
	return { calm: whole, failed: broken };
}

async function reportThat(holds: (report: Report) => boolean): Promise<Report> {
	for (const end = machineMs() + 120_000; machineMs() < end; await delay(500)) {
		const [found] = await readReports(store);
		if (found?.report && holds(found.report)) return found.report;
	}
	throw new Error("the agent does not report what happened");
}

function memory(): void {
	const { residentMb, anonymousMb } = server.usage();
	const verdict = judged(residentMb, aims.residentMb, " MB");
	line(
		"memory of the server",
		`${residentMb.toFixed(0)} MB, ${anonymousMb.toFixed(0)} MB no mapped file (${verdict})`,
	);
}
