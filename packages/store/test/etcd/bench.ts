import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import type { EtcdStore } from "../../src/etcd/etcd-store.ts";
import { openEtcdStore } from "../../src/etcd/open-etcd-store.ts";
import type { Bench } from "../contract/bench.ts";
import type { SmallBench } from "../contract/room.ts";
import { type EtcdProcess, gateway, startEtcd } from "./etcd-process.ts";

const writingProcess = fileURLToPath(new URL("writing-process.ts", import.meta.url));

/** An empty store below a root of its own in a running etcd. */
export async function etcdBench(etcd: EtcdProcess): Promise<Bench> {
	const prefix = `/test-${randomUUID()}/`;
	const open = async () => await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url], prefix });
	let store: EtcdStore = await open();
	return {
		get store() {
			return store;
		},
		async reopen() {
			await store.close();
			await etcd.stop();
			etcd.start();
			await etcd.serving();
			store = await open();
		},
		async killWriter(afterAcknowledgements) {
			await store.close();
			const acknowledged = await killBelowWriter(etcd, prefix, afterAcknowledgements);
			etcd.start();
			await etcd.serving();
			store = await open();
			return acknowledged;
		},
		leaseTtlMs: 1000,
		async passTime(ms) {
			await delay(ms);
		},
		async dispose() {
			await store.close();
		},
	};
}

/** A store in an etcd of its own that takes only so many bytes. */
export async function smallEtcdBench(quota: number): Promise<SmallBench> {
	const etcd = await startEtcd(`--quota-backend-bytes=${quota}`);
	const bench = await etcdBench(etcd);
	return {
		...bench,
		store: bench.store,
		makeRoom: async () => await defragmentAndDisarm(etcd),
		async dispose() {
			await bench.dispose();
			await etcd.dispose();
		},
	};
}

/** What an administrator does with an etcd that was full, after it was compacted. */
export async function defragmentAndDisarm(etcd: EtcdProcess): Promise<void> {
	await gateway(etcd, "maintenance/defragment", {});
	for (const { memberID } of await alarmsOf(etcd))
		await gateway(etcd, "maintenance/alarm", { action: "DEACTIVATE", memberID, alarm: "NOSPACE" });
}

async function alarmsOf(etcd: EtcdProcess): Promise<readonly { readonly memberID: string }[]> {
	const answer = await gateway(etcd, "maintenance/alarm", { action: "GET" });
	const all = typeof answer === "object" && answer !== null && "alarms" in answer ? answer.alarms : [];
	return Array.isArray(all) ? all : [];
}

/** Kills etcd, not the writer: that one ends by itself, because its writes fail. */
async function killBelowWriter(
	etcd: EtcdProcess,
	prefix: string,
	afterAcknowledgements: number,
): Promise<readonly number[]> {
	const child = spawn(process.execPath, [writingProcess, etcd.url, prefix], {
		stdio: ["ignore", "pipe", "ignore"],
	});
	const acknowledged: number[] = [];
	for await (const line of createInterface({ input: child.stdout })) {
		acknowledged.push(Number(line));
		if (acknowledged.length === afterAcknowledgements) await etcd.killed();
	}
	return acknowledged;
}
