export type { HostFiles } from "./files/host-files.ts";
export { RootedFiles } from "./files/rooted-files.ts";
export { type TrustOptions, trustProblem } from "./files/trusted-path.ts";
export type { FolderEntry, Folders } from "./folders/folders.ts";
export type { Host } from "./host.ts";
export { type BootImage, type Initramfs, initramfsFinding } from "./initramfs/initramfs.ts";
export type { DiscoveredTarget, Iscsi, IscsiCall } from "./iscsi/iscsi.ts";
export { wholeDisk } from "./lvm/block-devices.ts";
export type {
	GroupContents,
	LogicalVolume,
	Lvm,
	LvmCall,
	NewVolume,
	PhysicalVolume,
	VolumeGroup,
	VolumeName,
	ZeroedPart,
} from "./lvm/lvm.ts";
export { complaintsIn, type Place, placeOf } from "./multipath-tools/complaints.ts";
export { knownHoles } from "./multipath-tools/known-holes.ts";
export type { LintResult, MultipathTools } from "./multipath-tools/multipath-tools.ts";
export { restartNeeded } from "./multipath-tools/restart-needed.ts";
export { wwidArgument } from "./multipath-tools/wwid-argument.ts";
export { WWIDS_FILE, wwidsIn } from "./multipath-tools/wwids-file.ts";
export { multipathdAddresses, type SocketAddress, showAddress } from "./multipathd/address.ts";
export { isReading, quoteFormat, quoteName } from "./multipathd/command-text.ts";
export {
	encodeFrame,
	FrameDecoder,
	FrameError,
	type FrameFormat,
	MAX_COMMAND_BYTES,
	NATIVE_FORMAT,
	textOf,
} from "./multipathd/frame.ts";
export type { CallOptions, DaemonStatus, MapsOptions, Multipathd } from "./multipathd/multipathd.ts";
export { classifyReply, type Reply } from "./multipathd/reply.ts";
export {
	ProgramRunner,
	type ProgramRunnerOptions,
	type RunOptions,
	type RunProgram,
	type RunResult,
} from "./process/run.ts";
export { hostHasMultipath, type RealHostOptions, realHost } from "./real-host.ts";
export type { HostSysfs, PathFacts } from "./sysfs/host-sysfs.ts";
export { SystemdNotifier, type SystemdNotifierOptions } from "./systemd/notify.ts";
export type { UdevEvent, UdevEvents } from "./udev/udev-events.ts";
