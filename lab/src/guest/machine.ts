/** Starting and stopping the QEMU process of a guest; what runs inside is not known here. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Image } from "../image/make-image.ts";
import { LabError } from "../lab-error.ts";
import { spawnOwned } from "../owned-process.ts";
import { member } from "../unknown-json.ts";
import { forwardedPorts, monitorCommand } from "./monitor.ts";
import { identityOf, isAlive, killProcess, type ProcessIdentity } from "./process-identity.ts";
import { type MachineFiles, type MachineOptions, qemuArguments } from "./qemu-arguments.ts";

export interface Machine {
	readonly process: ProcessIdentity;
	readonly monitor: string;
	readonly serialLog: string;
	readonly sockets: string;
	readonly ports: ReadonlyMap<number, number>;
}

/** Starts QEMU with its files in `folder` and waits until its monitor answers. */
export async function startMachine(
	image: Image,
	folder: string,
	options: MachineOptions & { readonly owner: ProcessIdentity | null; readonly lunFolder?: string },
): Promise<Machine> {
	const sockets = mkdtempSync(join(tmpdir(), "pathkeeper-lab-"));
	const files: MachineFiles = {
		rootDisk: join(folder, "root.qcow2"),
		localDisk: join(folder, "local.raw"),
		shareDisk: join(folder, "share.raw"),
		lunFolder: options.lunFolder ?? folder,
		serialLog: join(folder, "serial.log"),
		monitorSocket: join(sockets, "monitor"),
		pidFile: join(folder, "qemu.pid"),
	};
	const qemuLog = join(folder, "qemu.log");
	const argv = ["qemu-system-x86_64", ...qemuArguments(image, files, options)];
	const child = spawnOwned(argv, { owner: options.owner, log: qemuLog });
	let ended = false;
	child.on("exit", () => {
		ended = true;
	});
	child.on("error", () => {
		ended = true;
	});

	for (let attempt = 0; attempt < 600; attempt++) {
		if (ended) throw new LabError(`QEMU ended at once: ${readFileSync(qemuLog, "utf8").trim()}`);
		const process = existsSync(files.pidFile)
			? identityOf(Number(readFileSync(files.pidFile, "utf8")))
			: undefined;
		if (process !== undefined && existsSync(files.monitorSocket)) {
			const { monitorSocket: monitor, serialLog } = files;
			return { process, monitor, serialLog, sockets, ports: await forwardedPorts(monitor) };
		}
		await sleep(50);
	}
	if (child.pid !== undefined) globalThis.process.kill(child.pid, "SIGTERM");
	throw new LabError("QEMU did not come up within 30 s");
}

/** Waits until QEMU's status is one of `wanted`. */
export async function untilStatus(
	monitor: string,
	wanted: readonly string[],
	timeout: number,
): Promise<void> {
	const end = Date.now() + timeout;
	for (;;) {
		const status = String(member(await monitorCommand(monitor, "query-status"), "status"));
		if (wanted.includes(status)) return;
		if (Date.now() > end) throw new LabError(`QEMU is still '${status}' after ${timeout / 1000} s`);
		await sleep(50);
	}
}

/** The kernel's last words, undefined as long as it has not panicked. */
export function panicOf(serialLog: string): string | undefined {
	if (!existsSync(serialLog)) return undefined;
	return /Kernel panic - not syncing: .*/.exec(readFileSync(serialLog, "latin1"))?.[0];
}

/** Why there is nothing to wait for any more, undefined as long as there is. */
export function hopelessnessOf(machine: Machine): () => string | undefined {
	return () => {
		if (!isAlive(machine.process)) return "is gone (QEMU ended)";
		return panicOf(machine.serialLog);
	};
}

/** Kills QEMU and waits until it is gone. */
export async function stopMachine(process: ProcessIdentity): Promise<void> {
	killProcess(process);
	while (isAlive(process)) await sleep(20);
}
