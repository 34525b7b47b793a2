/** Bringing a guest up: awake in seconds from the saved one of its suite. */
import { randomBytes } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { removeFolder } from "../cache.ts";
import { makeDisk, makeEmpty, makeOverlay } from "../disk-files.ts";
import { type Image, imageOf } from "../image/make-image.ts";
import type { ImageKind } from "../image/recipe.ts";
import { LabError } from "../lab-error.ts";
import type { Suite } from "../suites.ts";
import { type Booted, bootedFrom, wakeCommand } from "./booted.ts";
import { Guest } from "./guest.ts";
import {
	folderOf,
	forget,
	type GuestRecord,
	isGuestName,
	readRecord,
	reap,
	writeRecord,
} from "./guest-record.ts";
import { firstLuns, shareBytes } from "./layout.ts";
import { hopelessnessOf, type Machine, startMachine, stopMachine, untilStatus } from "./machine.ts";
import { monitorCommand } from "./monitor.ts";
import { identityOf, type ProcessIdentity } from "./process-identity.ts";
import { lunFile } from "./qemu-arguments.ts";
import { tryCommand, untilReachable, writeShellConfig } from "./shell.ts";

export interface GuestOptions {
	readonly suite: Suite;
	/** `host` unless told. */
	readonly kind?: ImageKind;
	/** Its name in the lab, which one guest has at a time; the suite's unless told. */
	readonly name?: string;
	/** Its name to itself; as in the lab unless told. */
	readonly hostName?: string;
	/** Files and folders of this machine that the guest finds under /mnt/lab, read-only, by their base names. */
	readonly share?: readonly string[];
	/** Ports of the guest to reach from this machine's loopback (`guest.portOf`). */
	readonly forwardedPorts?: readonly number[];
	/** Another guest whose LUNs this one shares, as two hosts on one SAN do. */
	readonly lunsOf?: Guest;
	/** `"background"`: it outlives this process and waits for `lab down`. Otherwise it ends with this process. */
	readonly life?: "background" | ProcessIdentity;
}

/** Makes the saved guest of each suite, so that `bootGuest` takes seconds. The next image is built meanwhile. */
export async function prepareGuests(suites: readonly Suite[], kind: ImageKind = "host"): Promise<void> {
	let previous: Promise<unknown> = Promise.resolve();
	for (const suite of suites) {
		const image = await imageOf(suite, kind);
		await previous;
		previous = bootedFrom(image);
		// Awaited in the next round, or below; a failure meanwhile must not be an unhandled one.
		previous.catch(() => {});
	}
	await previous;
}

/** An untouched guest, reachable, and with multipathd running where its kind has one. Throws LabError when it does not come up. */
export async function bootGuest(options: GuestOptions): Promise<Guest> {
	const {
		suite,
		kind = "host",
		name = suite,
		hostName = name,
		share = [],
		forwardedPorts = [],
		lunsOf,
	} = options;
	for (const word of [name, hostName])
		if (!isGuestName(word)) throw new LabError(`'${word}' is no name for a guest`);
	await reap();
	if (readRecord(name) !== undefined) throw new LabError(`guest '${name}' is already up`);
	const image = await imageOf(suite, kind);
	const booted = await bootedFrom(image);
	const owner = options.life ?? identityOf(process.pid) ?? "background";

	const folder = folderOf(name);
	await removeFolder(folder);
	mkdirSync(folder, { recursive: true });
	let machine: Machine | undefined;
	try {
		await makeDisks(folder, booted, share, lunsOf === undefined);
		machine = await startMachine(image, folder, {
			forwardedPorts,
			incoming: wakeCommand(booted),
			owner: owner === "background" ? null : owner,
			...(lunsOf === undefined ? {} : { lunFolder: folderOf(lunsOf.name) }),
		});
		const record: GuestRecord = {
			name,
			suite,
			process: machine.process,
			owner: owner === "background" ? null : owner,
			sockets: machine.sockets,
			ports: Object.fromEntries([...machine.ports].map(([guest, host]) => [String(guest), host])),
		};
		writeRecord(record);
		await wake(image, machine, hostName, folder, share.length > 0);
		return new Guest(record);
	} catch (error) {
		if (machine !== undefined) {
			await stopMachine(machine.process);
			await forget({ name, sockets: machine.sockets });
		}
		throw error;
	}
}

/** The guest of this name that runs already, undefined when none does. */
export function connectGuest(name: string): Guest | undefined {
	const record = readRecord(name);
	return record === undefined ? undefined : new Guest(record);
}

async function makeDisks(
	folder: string,
	booted: Booted,
	share: readonly string[],
	ownLuns: boolean,
): Promise<void> {
	await makeOverlay(join(folder, "root.qcow2"), booted.rootDisk);
	copyFileSync(booted.localDisk, join(folder, "local.raw"));
	if (ownLuns) for (const lun of firstLuns) await makeEmpty(lunFile(folder, lun), lun.bytes);
	const shareDisk = join(folder, "share.raw");
	if (share.length === 0) {
		await makeEmpty(shareDisk, shareBytes);
		return;
	}
	const content = mkdtempSync(join(tmpdir(), "pathkeeper-share-"));
	try {
		for (const path of share) {
			if (!existsSync(path)) throw new LabError(`${path} is to be shared with a guest but does not exist`);
			cpSync(path, join(content, basename(path)), { recursive: true, dereference: true });
		}
		await makeDisk(shareDisk, shareBytes, { from: content });
	} finally {
		rmSync(content, { recursive: true, force: true });
	}
}

/** Lets the saved guest go on, and gives it what must differ from its siblings: time, name, identity, randomness. */
async function wake(
	image: Image,
	machine: Machine,
	hostName: string,
	folder: string,
	hasShare: boolean,
): Promise<void> {
	await untilStatus(machine.monitor, ["paused", "running"], 60_000);
	await monitorCommand(machine.monitor, "cont");
	const shell = writeShellConfig(folder, image, machine.ports.get(22) ?? 0, machine.sockets);
	await untilReachable(shell, 60_000, hopelessnessOf(machine));
	const steps = [
		`date --set=@${(Date.now() / 1000).toFixed(3)}`,
		`echo ${hostName} > /etc/hostname`,
		`echo ${hostName} > /proc/sys/kernel/hostname`,
		`sed -i 's/^127.0.1.1 .*/127.0.1.1 ${hostName}/' /etc/hosts`,
		`echo ${randomBytes(16).toString("hex")} > /etc/machine-id`,
		// The journal is kept, and looked for, under the machine's identity.
		"systemctl restart systemd-journald.service",
		...(image.kind === "host"
			? [`echo InitiatorName=iqn.2026-01.test.pathkeeper:${hostName} > /etc/iscsi/initiatorname.iscsi`]
			: []),
		"cat > /dev/urandom",
		...(hasShare ? ["mkdir -p /mnt/lab", "mount -o ro /dev/vdb /mnt/lab"] : []),
	];
	const result = await tryCommand(shell, steps.join(" && "), { input: randomBytes(64) });
	if (result.code !== 0) throw new LabError(`waking ${hostName}: ${result.stdout}${result.stderr}`);
}
