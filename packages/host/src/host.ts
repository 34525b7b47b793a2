import type { HostFiles } from "./files/host-files.ts";
import type { Folders } from "./folders/folders.ts";
import type { Initramfs } from "./initramfs/initramfs.ts";
import type { Iscsi } from "./iscsi/iscsi.ts";
import type { Lvm } from "./lvm/lvm.ts";
import type { MultipathTools } from "./multipath-tools/multipath-tools.ts";
import type { Multipathd } from "./multipathd/multipathd.ts";
import type { HostSysfs } from "./sysfs/host-sysfs.ts";
import type { UdevEvents } from "./udev/udev-events.ts";

/**
 * One Linux machine, as the agent may touch it. Each part is a port with two implementations that pass the same
 * contract tests: the real one and a simulated one (`packages/simulator`).
 */
export interface Host {
	/** Node name: the machine's host name, or the simulator's. */
	readonly node: string;
	readonly simulated: boolean;
	readonly multipathd: Multipathd;
	readonly tools: MultipathTools;
	readonly sysfs: HostSysfs;
	readonly udev: UdevEvents;
	readonly files: HostFiles;
	readonly lvm: Lvm;
	readonly iscsi: Iscsi;
	/** Folders that hold volumes; unlike `files`, nothing in them is our own configuration. */
	readonly folders: Folders;
	/** Absent where a machine has no boot image to look at, as a simulated one. */
	readonly initramfs?: Initramfs;
}
