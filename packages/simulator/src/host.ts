import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Host } from "@pathkeeper/host";
import { RootedFiles } from "@pathkeeper/host";
import {
	connectSocket,
	livenessOnHost,
	MultipathdClient,
	RealFolders,
	RealIscsi,
	RealLvm,
	RealMultipathTools,
} from "@pathkeeper/host/parts";
import type { Runtime } from "@pathkeeper/model";
import type { Clock } from "./clock.ts";
import { SimulatedMultipathd } from "./daemon/daemon.ts";
import type { Release } from "./daemon/release.ts";
import { iscsiadmProgram } from "./iscsi/iscsiadm-program.ts";
import { lvmProgram } from "./lvm/lvm-program.ts";
import type { LvmSight } from "./lvm/visible-groups.ts";
import { multipathProgram, type ProgramFaults } from "./multipath-program.ts";
import type { SimulatedNode } from "./san/node.ts";
import type { San } from "./san/san.ts";
import { SimulatedSysfs } from "./simulated-sysfs.ts";
import { SimulatedUdev } from "./simulated-udev.ts";

export interface SimulateHostOptions {
	/** Name of one of the SAN's nodes. */
	readonly node: string;
	readonly san: San;
	/** Folder that stands for `/`; `etc`, `run`, `proc` and `usr` are made in it. */
	readonly root: string;
	/** Release of multipath-tools; 0.11.1 by default. */
	readonly release?: Release;
	readonly runtime: Runtime;
	/** Time of kernel, daemon and programs; that of the real parts by default. */
	readonly clock?: Clock;
	/** Milliseconds that a second of multipathd lasts: checks, countdowns and timeouts; 1000 by default. */
	readonly secondMs?: number;
	/** Milliseconds that a reconfigure takes; 30 by default. */
	readonly reconfigureMs?: number;
	/** Milliseconds for a call to the daemon; the client's own default otherwise. */
	readonly deadlineMs?: number;
	/** Further addresses for the daemon: paths, or abstract names that begin with NUL. */
	readonly alsoListenOn?: readonly string[];
	/** False: the daemon is not started yet. */
	readonly started?: boolean;
	/** False: multipath-tools is not on this node. */
	readonly installed?: boolean;
}

/** A host whose kernel and daemon are simulated, with the handles to make things happen on it. */
export interface SimulatedHost extends Host, AsyncDisposable {
	readonly simulated: true;
	readonly root: string;
	readonly san: San;
	/** The node's kernel: disks, maps, and who uses them. */
	readonly kernel: SimulatedNode;
	readonly daemon: SimulatedMultipathd;
	/** Makes the `multipath` program misbehave. */
	setProgramFaults(faults: Partial<ProgramFaults>): void;
	/** Changes which devices its LVM looks at by itself; at first those are its maps. */
	setLvmSight(sight: Partial<LvmSight>): void;
	/** Ends the daemon and the client; the root folder stays. */
	close(): Promise<void>;
}

/**
 * One node of a simulated SAN as a Host. The daemon speaks the real protocol on a real socket and the client, the
 * files and the handling of the `multipath` program are the real ones; only kernel and program are played.
 */
export async function simulateHost(options: SimulateHostOptions): Promise<SimulatedHost> {
	const { node, san, root, runtime } = options;
	const kernel = san.node(node);
	const release = options.release ?? "0.11.1";
	const clock = options.clock ?? runtime;
	const secondMs = options.secondMs ?? 1000;
	const installed = options.installed ?? true;
	for (const folder of ["etc/multipath/conf.d", "run", "proc"])
		mkdirSync(join(root, folder), { recursive: true });
	if (installed)
		for (const program of ["multipath", "multipathd"]) writeProgram(join(root, "usr/sbin", program));

	for (const program of ["lvm", "blkid", "blkdiscard", "iscsiadm"])
		writeProgram(join(root, "usr/sbin", program));

	const place = await socketPlace(root);
	const daemon = new SimulatedMultipathd({
		node: kernel,
		release,
		root,
		addresses: [place.address, ...(options.alsoListenOn ?? [])],
		clock,
		secondMs,
		reconfigureMs: options.reconfigureMs ?? 30,
		pid: 4000 + san.nodes.indexOf(kernel),
	});
	const multipathd = new MultipathdClient({
		runtime,
		connect: connectSocket,
		addresses: [place.address],
		liveness: livenessOnHost(root),
		...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
	});
	let lvmSight: LvmSight = { maps: true, paths: false };
	let programFaults: ProgramFaults = { hang: false, crash: false };
	const tools = new RealMultipathTools({
		run: multipathProgram({ root, release, clock, secondMs, faults: () => programFaults }),
		path: join(root, "usr/sbin"),
		wwidsFile: join(root, "etc/multipath/wwids"),
	});
	const close = async () => {
		await multipathd.close();
		await daemon.stop();
		await place.remove();
	};
	if (installed && (options.started ?? true)) await daemon.start();
	return {
		node,
		simulated: true,
		root,
		san,
		kernel,
		daemon,
		multipathd,
		tools,
		sysfs: new SimulatedSysfs(kernel),
		udev: new SimulatedUdev(kernel),
		files: new RootedFiles(runtime, root),
		lvm: new RealLvm({
			run: lvmProgram({ node: kernel, san, clock, random: runtime, secondMs, sight: () => lvmSight }),
			path: join(root, "usr/sbin"),
			partitions: () => Promise.resolve(partitionsText(kernel)),
		}),
		iscsi: new RealIscsi({
			run: iscsiadmProgram({ node: kernel, san, clock, secondMs }),
			path: join(root, "usr/sbin"),
		}),
		folders: new RealFolders({ runtime, root }),
		setProgramFaults(faults) {
			programFaults = { ...programFaults, ...faults };
		},
		setLvmSight(sight) {
			lvmSight = { ...lvmSight, ...sight };
		},
		close,
		[Symbol.asyncDispose]: close,
	};
}

/** As `/proc/partitions` lists the node's disks and maps. */
function partitionsText(kernel: SimulatedNode): string {
	const names = [...kernel.disks.map(({ dev }) => dev), ...kernel.maps.map(({ dm }) => dm)];
	return `major minor  #blocks  name\n\n${names.map((name) => `   8        0       1024 ${name}\n`).join("")}`;
}

/** A socket's path has at most 107 bytes (`sun_path`); a deep root gets its socket in a folder of its own. */
async function socketPlace(root: string): Promise<{ address: string; remove: () => Promise<void> }> {
	const address = join(root, "run/multipathd.socket");
	if (Buffer.byteLength(address) <= 107) return { address, remove: () => rm(address, { force: true }) };
	const folder = await mkdtemp(join(tmpdir(), "pk-"));
	return {
		address: join(folder, "multipathd.socket"),
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

/** Only its presence counts: it is looked for, and then played. */
function writeProgram(path: string): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, "#!/bin/false\n");
	chmodSync(path, 0o755);
}
