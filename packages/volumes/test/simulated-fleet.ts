import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStorageConfig, type Storage } from "@pathkeeper/model";
import { type LunPlan, San, type SimulatedHost, simulateHost } from "@pathkeeper/simulator";
import { vi } from "vitest";
import { PacedTime } from "../../model/test/paced-time.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { builtInRegistry, lockNameOf, type Registry, type StorageCall } from "../src/index.ts";

export const MiB = 1024 ** 2;
export const GiB = 1024 ** 3;
/** An empty LUN, one that carries a file system, and one that carries a group of somebody else. */
export const empty = "3600140500000000000000000000000a1";
export const formatted = "3600140500000000000000000000000b2";
export const taken = "3600140500000000000000000000000c3";

const lun = (wwid: string, number: number, carries: string | null): LunPlan => ({
	wwid,
	sizeBytes: GiB,
	number,
	serial: `LUN${number}`,
	carries,
});

/** Nodes of one SAN with real plugins over simulated hosts. */
export interface SimulatedFleet extends AsyncDisposable {
	readonly san: San;
	readonly registry: Registry;
	readonly hosts: readonly SimulatedHost[];
	/** A new top-level call on a node, over the text of a storage.cfg. */
	call(node: number, text: string): TestCall;
	/** How many pieces of work held the lock of a storage at the same time, at most. */
	mostAtOnce(): number;
}

export interface TestCall extends StorageCall {
	readonly lines: string[];
	readonly shares: number[];
	storage(id: string): Storage;
}

export async function simulatedFleet(nodes = 1, secondMs = 25): Promise<SimulatedFleet> {
	const time = new PacedTime(1000 / secondMs);
	const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
	const san = new San(
		{
			arrays: [
				{
					name: "vega",
					vendor: "LIO-ORG",
					product: "vega",
					revision: "4.0",
					protocol: "iscsi",
					alua: false,
					ports: ["lan-1", "lan-2"].map((fabric, at) => ({
						name: `p${at}`,
						controller: String(at),
						fabric,
						target: "iqn.2026-11.test:vega",
						portal: `192.168.71.${at}:3260`,
					})),
					luns: [lun(empty, 0, null), lun(formatted, 1, "ext4"), lun(taken, 2, "LVM2_member")],
				},
			],
			nodes: names.map((name, at) => ({
				name,
				initiators: {
					"lan-1": { address: `192.168.71.10${at}` },
					"lan-2": { address: `192.168.72.10${at}` },
				},
			})),
		},
		realRuntime,
	);
	const roots = await Promise.all(names.map(() => mkdtemp(join(tmpdir(), "pk-storage-"))));
	const hosts = await Promise.all(
		names.map(async (node, at) => {
			const host = await simulateHost({
				runtime: realRuntime,
				node,
				san,
				root: roots[at] ?? "",
				secondMs,
				started: false,
			});
			await host.files.replace("/etc/multipath.conf", "defaults {\nfind_multipaths off\n}\n");
			await host.daemon.start();
			await vi.waitUntil(() => host.kernel.maps.length === 3, { timeout: 60_000 });
			return host;
		}),
	);
	const registry = builtInRegistry();
	const locks = new Map<string, Promise<unknown>>();
	let inside = 0;
	let most = 0;
	return {
		san,
		registry,
		hosts,
		mostAtOnce: () => most,
		call(node, text) {
			const config = readStorageConfig(text, registry.types);
			const host = hosts[node];
			if (host === undefined) throw new Error(`no node ${node}`);
			const lines: string[] = [];
			const shares: number[] = [];
			return {
				host,
				registry,
				config,
				activated: new Map(),
				signal: new AbortController().signal,
				log: (line) => lines.push(line),
				progress: (share) => shares.push(share),
				sleep: (ms) => time.sleep(ms),
				now: () => time.monotonic(),
				locked: async (storage, work) => {
					const key = lockNameOf(storage, host.node);
					const before = locks.get(key) ?? Promise.resolve();
					const { promise, resolve } = Promise.withResolvers<void>();
					locks.set(
						key,
						before.then(() => promise),
					);
					await before;
					most = Math.max(most, ++inside);
					try {
						return await work();
					} finally {
						inside--;
						resolve();
					}
				},
				lines,
				shares,
				storage(id) {
					const found = config.storages.find((each) => each.id === id);
					if (found === undefined) throw new Error(`no storage ${id}`);
					return found;
				},
			};
		},
		async [Symbol.asyncDispose]() {
			await Promise.all(hosts.map((host) => host.close()));
			await Promise.all(roots.map((root) => rm(root, { recursive: true, force: true })));
		},
	};
}

/** A storage of LUNs, and a group on one of them. */
export function onLun(wwid: string, more = ""): string {
	return `multipath: san\n\nlvm: data\n\tvgname vgdata\n\tbase san:${wwid}\n\tshared 1\n${more}`;
}
