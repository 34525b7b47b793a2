export type { HostFiles } from "./files/host-files.ts";
export { RootedFiles } from "./files/rooted-files.ts";
export { trustProblem } from "./files/trusted-path.ts";
export type { Host } from "./host.ts";
export type { Initramfs } from "./initramfs/initramfs.ts";
export { wholeDisk } from "./lvm/block-devices.ts";
export type {
	GroupContents,
	LogicalVolume,
	Lvm,
	PhysicalVolume,
	VolumeGroup,
	VolumeName,
} from "./lvm/lvm.ts";
export { placeOf } from "./multipath-tools/complaints.ts";
export { knownHoles } from "./multipath-tools/known-holes.ts";
export type { LintResult, MultipathTools } from "./multipath-tools/multipath-tools.ts";
export { restartNeeded } from "./multipath-tools/restart-needed.ts";
export { wwidsFile as WWIDS_FILE, wwidsIn } from "./multipath-tools/wwids-file.ts";
export type { Multipathd } from "./multipathd/multipathd.ts";
export { ProgramRunner, type RunProgram, type RunResult } from "./process/run.ts";
export { realHost } from "./real-host.ts";
export type { HostSysfs, PathFacts } from "./sysfs/host-sysfs.ts";
export { SystemdNotifier } from "./systemd/notify.ts";
export type { UdevEvent, UdevEvents } from "./udev/udev-events.ts";
