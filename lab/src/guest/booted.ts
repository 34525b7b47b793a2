/**
 * A booted guest at rest. Booting Debian under emulation takes the better part of a minute; waking a saved one takes
 * two seconds and gives every test the same untouched machine. So each suite is booted once for an image, led to the
 * point where nothing starts any more, and saved: its memory in one file, and what it had written to its disk in an
 * overlay of the image.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, hashOf } from "../cache.ts";
import { makeDisk, makeEmpty, makeOverlay } from "../disk-files.ts";
import type { Image } from "../image/make-image.ts";
import { recipes } from "../image/recipe.ts";
import { LabError } from "../lab-error.ts";
import { runProgram } from "../run-program.ts";
import { say, timed } from "../say.ts";
import { member } from "../unknown-json.ts";
import { firstLuns, localDisk, shareBytes } from "./layout.ts";
import { hopelessnessOf, type Machine, panicOf, startMachine, stopMachine, untilStatus } from "./machine.ts";
import { monitorCommand } from "./monitor.ts";
import { identityOf } from "./process-identity.ts";
import { lunFile, machineHash } from "./qemu-arguments.ts";
import { closeShell, tryCommand, untilReachable, writeShellConfig } from "./shell.ts";

export interface Booted {
	/** qcow2 over the image's disk; never written to again. */
	readonly rootDisk: string;
	readonly localDisk: string;
	/** QEMU's migration stream. */
	readonly memory: string;
}

/** Leads to the point of rest and warms what tests use first; its output is for the person who reads a failure. */
function settle({ kind }: Image): string {
	return [
		"systemctl is-system-running --wait",
		"udevadm settle --timeout=60",
		...recipes[kind].warmUp,
		"sync",
	].join("\n");
}

/** Changes to what `settle` gives make a new point of rest. */
const bootedVersion = 1;

/** The saved guest of an image, booted first when the cache has none (about a minute). */
export async function bootedFrom(image: Image): Promise<Booted> {
	const version = await runProgram(["qemu-system-x86_64", "--version"]);
	const hash = hashOf([machineHash(image, version), settle(image), bootedVersion]);
	const folder = await cached({ kind: "booted", label: image.label, hash }, (draft) =>
		timed(`booting ${image.label} once`, () => bootAndSave(image, draft)),
	);
	return {
		rootDisk: join(folder, "root.qcow2"),
		localDisk: join(folder, "local.raw"),
		memory: join(folder, "memory"),
	};
}

/** A kernel may panic at random under emulation; once is bad luck, twice is a finding. */
async function bootAndSave(image: Image, folder: string): Promise<void> {
	await makeLocalDisk(folder);
	try {
		await bootOnce(image, folder);
	} catch (error) {
		const panic = panicOf(join(folder, "serial.log"));
		if (panic === undefined) throw error;
		say(`${image.label}: ${panic}; once more`);
		await bootOnce(image, folder);
	}
}

async function bootOnce(image: Image, folder: string): Promise<void> {
	await makeOverlay(join(folder, "root.qcow2"), image.disk);
	await makeEmptyDisks(folder);
	const owner = identityOf(process.pid) ?? null;
	const machine = await startMachine(image, folder, { forwardedPorts: [], owner });
	try {
		const shell = writeShellConfig(folder, image, machine.ports.get(22) ?? 0, machine.sockets);
		await untilReachable(shell, 300_000, hopelessnessOf(machine));
		const settled = await tryCommand(shell, settle(image), { timeout: 300_000 });
		if (!settled.stdout.startsWith("running\n"))
			throw new LabError(`${image.label} did not come up whole: ${settled.stdout}${settled.stderr}`);
		await closeShell(shell);
		await saveMemory(machine, join(folder, "memory"));
	} finally {
		await stopMachine(machine.process);
		await runProgram(["rm", "-rf", "--", machine.sockets]);
	}
}

/** Stops the machine for good and writes its memory to a file. Reading it back needs the same command line. */
async function saveMemory(machine: Machine, file: string): Promise<void> {
	await monitorCommand(machine.monitor, "stop");
	await monitorCommand(machine.monitor, "migrate-set-parameters", { "max-bandwidth": 10 ** 10 });
	await monitorCommand(machine.monitor, "migrate", { uri: `exec:cat > ${shellQuoted(file)}` });
	await untilStatus(machine.monitor, ["postmigrate"], 120_000);
	const status = member(await monitorCommand(machine.monitor, "query-migrate"), "status");
	if (status !== "completed" || !existsSync(file)) throw new LabError(`saving the memory: ${String(status)}`);
}

/** The command whose output wakes the saved guest. */
export function wakeCommand(booted: Booted): string {
	return `cat ${shellQuoted(booted.memory)}`;
}

/** Empty LUNs and an empty share, as every guest has them at rest. */
async function makeEmptyDisks(folder: string): Promise<void> {
	await makeEmpty(join(folder, "share.raw"), shareBytes);
	for (const lun of firstLuns) await makeEmpty(lunFile(folder, lun), lun.bytes);
}

/** A local disk with a file system and something in it that a careless map would put at risk. */
async function makeLocalDisk(folder: string): Promise<void> {
	const content = join(folder, "local");
	await runProgram(["mkdir", content]);
	await writeFile(join(content, "precious.txt"), "This disk is not on the SAN.\n");
	await makeDisk(join(folder, "local.raw"), localDisk.bytes, { from: content, label: localDisk.label });
}

function shellQuoted(path: string): string {
	return `'${path.replaceAll("'", `'\\''`)}'`;
}
