/**
 * Builds a machine's /sys, /proc and /run/udev below a temp folder, shaped as real kernels show them (iSCSI, FC,
 * SAS, NVMe and virtio disks; device-mapper, md). Only what a reader could look at is there.
 */
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

export interface Disk {
	readonly dev: string;
	readonly number: string;
	readonly sectors?: number;
	readonly state?: string;
	readonly vendor?: string;
	readonly model?: string;
	/** Properties in the udev database. */
	readonly udev?: Readonly<Record<string, string>>;
}

export interface ScsiDisk extends Disk {
	readonly hctl: string;
}

export interface Dm {
	readonly minor: number;
	readonly name: string;
	readonly uuid: string;
	readonly on: readonly string[];
	readonly sectors?: number;
	readonly suspended?: boolean;
}

export class SysfsTree {
	readonly root: string;
	#mounts = "22 1 0:21 / /proc rw,relatime shared:5 - proc proc rw\n";
	#swaps = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
	#nextMount = 30;

	/** In a folder of its own unless told where. */
	constructor(root: string = mkdtempSync(join(tmpdir(), "sysfs-"))) {
		this.root = root;
		for (const folder of ["sys/block", "proc/self", "run/udev/data"]) this.folder(folder);
		this.put("/proc/swaps", this.#swaps);
		this.put("/proc/self/mountinfo", this.#mounts);
		this.put("/proc/partitions", "major minor  #blocks  name\n\n");
	}

	remove(): void {
		rmSync(this.root, { recursive: true, force: true });
	}

	put(path: string, text: string): void {
		const full = join(this.root, path);
		mkdirSync(dirname(full), { recursive: true });
		writeFileSync(full, text);
	}

	folder(path: string): void {
		mkdirSync(join(this.root, path), { recursive: true });
	}

	link(path: string, target: string): void {
		const full = join(this.root, path);
		mkdirSync(dirname(full), { recursive: true });
		symlinkSync(relative(dirname(full), join(this.root, target)), full);
	}

	/** A disk of an iSCSI session of open-iscsi's software initiator. */
	iscsi(
		disk: ScsiDisk,
		wire: {
			readonly session: number;
			readonly target: string;
			readonly ip?: string;
			readonly portal?: string;
		},
	): void {
		const { host, below } = this.#scsiAddress(disk.hctl);
		const [address = "", port = ""] = (wire.portal ?? "").split(/:(?=\d+$)/);
		const { session } = wire;
		this.#disk(disk, `/sys/devices/platform/host${host}/session${session}/${below}`);
		this.put(`/sys/class/iscsi_session/session${session}/targetname`, `${wire.target}\n`);
		const connection = `/sys/class/iscsi_connection/connection${session}:0`;
		this.put(`${connection}/persistent_address`, `${address}\n`);
		this.put(`${connection}/persistent_port`, `${port}\n`);
		// A session without its socket gives an error for these.
		if (wire.ip !== undefined) {
			this.put(`/sys/class/iscsi_host/host${host}/ipaddress`, `${wire.ip}\n`);
			this.put(`${connection}/address`, `${address}\n`);
			this.put(`${connection}/port`, `${port}\n`);
		}
	}

	fc(
		disk: ScsiDisk,
		wire: { readonly rport: string; readonly hostPort: string; readonly targetPort: string },
	): void {
		const { host, below } = this.#scsiAddress(disk.hctl);
		this.#disk(disk, `/sys/devices/pci0000:00/0000:00:05.0/host${host}/rport-${wire.rport}/${below}`);
		this.put(`/sys/class/fc_remote_ports/rport-${wire.rport}/port_name`, `${wire.targetPort}\n`);
		this.put(`/sys/class/fc_host/host${host}/port_name`, `${wire.hostPort}\n`);
	}

	sas(
		disk: ScsiDisk,
		wire: { readonly device: string; readonly address: string; readonly hostAddress: string },
	): void {
		const { host, below } = this.#scsiAddress(disk.hctl);
		const end = `end_device-${wire.device}`;
		this.#disk(disk, `/sys/devices/pci0000:00/0000:00:06.0/host${host}/port-${host}:0/${end}/${below}`);
		this.put(`/sys/class/sas_device/${end}/sas_address`, `${wire.address}\n`);
		this.put(`/sys/class/scsi_host/host${host}/host_sas_address`, `${wire.hostAddress}\n`);
	}

	/** A local disk on SATA. */
	ata(disk: ScsiDisk): void {
		const { host, below } = this.#scsiAddress(disk.hctl);
		this.#disk(disk, `/sys/devices/pci0000:00/0000:00:1f.2/ata1/host${host}/${below}`);
	}

	usb(disk: ScsiDisk): void {
		const { host, below } = this.#scsiAddress(disk.hctl);
		this.#disk(disk, `/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host${host}/${below}`);
	}

	virtio(disk: Disk): void {
		this.#disk(disk, "/sys/devices/pci0000:00/0000:00:03.0/virtio1");
	}

	nvme(
		disk: Disk,
		wire: {
			readonly controller: string;
			readonly transport: string;
			readonly address: string;
			readonly nqn: string;
		},
	): void {
		const bus = wire.transport === "pcie" ? "pci0000:00/0000:00:04.0/nvme" : "virtual/nvme-fabrics/ctl";
		const controller = `/sys/devices/${bus}/${wire.controller}`;
		const folder = `${controller}/${disk.dev}`;
		this.#block(disk, folder);
		this.link(`${folder}/device`, controller);
		if (disk.state !== undefined) this.put(`${controller}/state`, `${disk.state}\n`);
		if (disk.model !== undefined) this.put(`${controller}/model`, `${disk.model}   \n`);
		for (const [name, text] of Object.entries({ ...wire, subsysnqn: wire.nqn })) {
			this.put(`/sys/class/nvme/${wire.controller}/${name}`, `${text}\n`);
		}
	}

	/** A namespace whose paths the kernel joins by itself (native NVMe multipathing). */
	nvmeHead(disk: Disk, wire: { readonly subsystem: string; readonly nqn: string }): void {
		this.#block(disk, `/sys/devices/virtual/nvme-subsystem/${wire.subsystem}/${disk.dev}`);
		this.put(`/sys/class/nvme-subsystem/${wire.subsystem}/subsysnqn`, `${wire.nqn}\n`);
	}

	/** A device-mapper device, entered as holder of what it stands on. */
	dm(dm: Dm): void {
		const dev = `dm-${dm.minor}`;
		const folder = `/sys/devices/virtual/block/${dev}`;
		this.#block(
			{ dev, number: `254:${dm.minor}`, ...(dm.sectors === undefined ? {} : { sectors: dm.sectors }) },
			folder,
		);
		this.put(`${folder}/dm/name`, `${dm.name}\n`);
		this.put(`${folder}/dm/uuid`, `${dm.uuid}\n`);
		this.put(`${folder}/dm/suspended`, dm.suspended === true ? "1\n" : "0\n");
		this.#standsOn(dev, folder, dm.on);
	}

	/** An md array with one partition. */
	md(dev: string, number: string, on: readonly string[], partitionNumber: string): void {
		const folder = `/sys/devices/virtual/block/${dev}`;
		this.#block({ dev, number }, folder);
		this.put(`${folder}/${dev}p1/dev`, `${partitionNumber}\n`);
		this.folder(`${folder}/${dev}p1/holders`);
		this.#standsOn(dev, folder, on);
	}

	/** A loop device over a device node, or one that is not in use. */
	loop(dev: string, number: string, over: string | null): void {
		const folder = `/sys/devices/virtual/block/${dev}`;
		this.#block({ dev, number }, folder);
		if (over !== null) this.put(`${folder}/loop/backing_file`, `${over}\n`);
	}

	holds(below: string, holder: string): void {
		this.link(`/sys/block/${below}/holders/${holder}`, `/sys/block/${holder}`);
	}

	/** A line of /proc/self/mountinfo. */
	mount(number: string, at: string, fileSystem: string, source: string): void {
		const id = this.#nextMount++;
		this.#mounts += `${id} 1 ${number} / ${at} rw,relatime shared:${id} - ${fileSystem} ${source} rw\n`;
		this.put("/proc/self/mountinfo", this.#mounts);
	}

	swap(path: string): void {
		this.#swaps += `${path}\tpartition\t1048572\t\t0\t\t-2\n`;
		this.put("/proc/swaps", this.#swaps);
	}

	/** A process that has files open, as links of /proc/PID/fd. */
	process(pid: number, name: string, open: readonly string[], cgroup = "0::/init.scope"): void {
		this.put(`/proc/${pid}/comm`, `${name}\n`);
		this.put(`/proc/${pid}/cgroup`, `${cgroup}\n`);
		this.folder(`/proc/${pid}/fd`);
		for (const [fd, target] of open.entries()) symlinkSync(target, join(this.root, `proc/${pid}/fd/${fd}`));
	}

	#scsiAddress(hctl: string): { readonly host: string; readonly below: string } {
		const [host = "", channel = "", target = ""] = hctl.split(":");
		return { host, below: `target${host}:${channel}:${target}/${hctl}` };
	}

	#disk(disk: Disk, device: string): void {
		const folder = `${device}/block/${disk.dev}`;
		this.#block(disk, folder);
		this.link(`${folder}/device`, device);
		if (disk.state !== undefined) this.put(`${device}/state`, `${disk.state}\n`);
		if (disk.vendor !== undefined) this.put(`${device}/vendor`, `${disk.vendor.padEnd(8)}\n`);
		if (disk.model !== undefined) this.put(`${device}/model`, `${disk.model.padEnd(16)}\n`);
	}

	#block(disk: Disk, folder: string): void {
		this.folder(`${folder}/holders`);
		this.folder(`${folder}/slaves`);
		this.put(`${folder}/dev`, `${disk.number}\n`);
		this.put(`${folder}/size`, `${disk.sectors ?? 2097152}\n`);
		this.link(`/sys/block/${disk.dev}`, folder);
		const [major = "", minor = ""] = disk.number.split(":");
		const row = `${major.padStart(4)} ${minor.padStart(8)} ${(disk.sectors ?? 2097152) / 2} ${disk.dev}\n`;
		appendFileSync(join(this.root, "proc/partitions"), row);
		if (disk.udev !== undefined) {
			const lines = Object.entries(disk.udev).map(([key, value]) => `E:${key}=${value}\n`);
			this.put(
				`/run/udev/data/b${disk.number}`,
				`S:disk/by-id/x\nI:1053706\n${lines.join("")}G:systemd\nV:1\n`,
			);
		}
	}

	#standsOn(dev: string, folder: string, below: readonly string[]): void {
		for (const slave of below) {
			this.link(`${folder}/slaves/${slave}`, `/sys/block/${slave}`);
			if (existsSync(join(this.root, "sys/block", slave))) this.holds(slave, dev);
		}
	}
}
