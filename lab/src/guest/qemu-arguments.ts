/**
 * The virtual machine as QEMU's command line. A saved memory image fits only the machine it was saved from, so
 * everything but file names and host ports is fixed here, and `machineHash` names it.
 */
import { join } from "node:path";
import { hashOf } from "../cache.ts";
import type { Image } from "../image/make-image.ts";
import {
	fabricCard,
	fabricCards,
	fabrics,
	firstLuns,
	type Lun,
	localDisk,
	lunNode,
	pathDevice,
	pciSlotOf,
} from "./layout.ts";

export interface MachineFiles {
	/** Overlay of the image's disk, in qcow2. */
	readonly rootDisk: string;
	readonly localDisk: string;
	readonly shareDisk: string;
	/** Holds the LUNs' backing files. */
	readonly lunFolder: string;
	readonly serialLog: string;
	readonly monitorSocket: string;
	readonly pidFile: string;
}

export interface MachineOptions {
	/** Ports of the guest that get a port on this machine's loopback, chosen by the kernel. ssh has one always. */
	readonly forwardedPorts: readonly number[];
	/** A shell command whose output is the memory to wake up with; a cold boot without. */
	readonly incoming?: string;
}

/** One virtual CPU: with more, emulation of self-modifying kernel code is racy and the guest panics now and then. */
const virtualCpus = 1;
const memoryMebibytes = 1024;
const accelerator = process.env["PATHKEEPER_LAB_ACCEL"] ?? "tcg,thread=multi";

/** Five-level page tables and protection keys only cost under emulation; nested virtualisation loads modules. */
const cpu = accelerator.startsWith("kvm") ? "host" : "max,la57=off,pku=off,svm=off";

const kernelCommandLine = [
	"root=/dev/vda rw console=ttyS0 quiet net.ifnames=0",
	"mitigations=off random.trust_cpu=on tsc=reliable cryptomgr.notests audit=0 lsm=capability 8250.nr_uarts=1",
].join(" ");

/** Changes whenever a saved memory image would no longer fit the machine. */
export function machineHash(image: Image, qemuVersion: string): string {
	const nowhere: MachineFiles = {
		rootDisk: "",
		localDisk: "",
		shareDisk: "",
		lunFolder: "",
		serialLog: "",
		monitorSocket: "",
		pidFile: "",
	};
	return hashOf([qemuVersion, qemuArguments(image, nowhere, { forwardedPorts: [] })]);
}

/** Backing file of a LUN. */
export function lunFile(folder: string, lun: Lun): string {
	return join(folder, `lun${lun.number}.raw`);
}

export function qemuArguments(image: Image, files: MachineFiles, options: MachineOptions): readonly string[] {
	const forwards = [22, ...options.forwardedPorts].map((port) => `,hostfwd=tcp:127.0.0.1:0-:${port}`);
	return [
		...["-nodefaults", "-no-user-config", "-display", "none"],
		...["-machine", "pc,usb=off", "-accel", accelerator, "-cpu", cpu],
		...["-smp", String(virtualCpus), "-m", String(memoryMebibytes)],
		...["-kernel", image.kernel, "-initrd", image.initrd, "-append", kernelCommandLine],
		...["-serial", `file:${files.serialLog}`],
		...["-qmp", `unix:${files.monitorSocket},server=on,wait=off`],
		...["-pidfile", files.pidFile],
		...blockNode("root", "qcow2", files.rootDisk),
		...["-device", "virtio-blk-pci,addr=0x8,drive=root"],
		...blockNode("share", "raw", files.shareDisk, "read-only=on"),
		...["-device", "virtio-blk-pci,addr=0x9,drive=share"],
		...["-netdev", `user,id=net${forwards.join("")}`],
		...["-device", "virtio-net-pci,addr=0xa,id=nic,netdev=net"],
		// A hub, because what is plugged into it can change while the machine runs, and is no part of its saved memory.
		...fabrics.flatMap((fabric) => [
			...["-netdev", `hubport,id=fabric-net-${fabric},hubid=${fabricCards[fabric].hub}`],
			"-device",
			`virtio-net-pci,addr=0x${fabricCards[fabric].slot.toString(16)},id=${fabricCard(fabric)},netdev=fabric-net-${fabric}`,
		]),
		...["-device", "virtio-rng-pci,addr=0xb"],
		...["-device", `virtio-scsi-pci,addr=0x${pciSlotOf.local.toString(16)},id=local`],
		...blockNode("local", "raw", files.localDisk),
		...[
			"-device",
			`scsi-hd,bus=local.0,drive=local,serial=LOCAL,wwn=0x${localDisk.wwn.slice("naa.".length)}`,
		],
		...fabrics.flatMap((fabric) => [
			"-device",
			`virtio-scsi-pci,addr=0x${pciSlotOf[fabric].toString(16)},id=fabric-${fabric}`,
		]),
		...firstLuns.flatMap((lun) => [
			...blockNode(lunNode(lun), "raw", lunFile(files.lunFolder, lun)),
			...fabrics.flatMap((fabric) => ["-device", pathDevice(lun, fabric)]),
		]),
		...(options.incoming === undefined ? [] : ["-incoming", `exec:${options.incoming}`]),
	];
}

/** A block node named `name` over a file. Without locks, so that guests may share a LUN's file. */
function blockNode(name: string, format: "raw" | "qcow2", file: string, more = "read-only=off"): string[] {
	const escaped = file.replaceAll(",", ",,");
	return [
		"-blockdev",
		`driver=${format},node-name=${name},${more},discard=unmap,file.driver=file,file.filename=${escaped},file.locking=off,file.discard=unmap`,
	];
}
