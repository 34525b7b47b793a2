export type { HostFiles } from "./files/host-files.ts";
export { RootedFiles } from "./files/rooted-files.ts";
export { type TrustOptions, trustProblem } from "./files/trusted-path.ts";
export type { FolderEntry, Folders } from "./folders/folders.ts";
export { RealFolders, type RealFoldersOptions } from "./folders/real-folders.ts";
export type { Host } from "./host.ts";
export { type BootImage, type Initramfs, initramfsFinding } from "./initramfs/initramfs.ts";
export type { DiscoveredTarget, Iscsi, IscsiCall } from "./iscsi/iscsi.ts";
export { RealIscsi, type RealIscsiOptions } from "./iscsi/real-iscsi.ts";
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
export { RealLvm, type RealLvmOptions } from "./lvm/real-lvm.ts";
export { complaintsIn, type Place, placeOf } from "./multipath-tools/complaints.ts";
export { knownHoles } from "./multipath-tools/known-holes.ts";
export type { LintResult, MultipathTools } from "./multipath-tools/multipath-tools.ts";
export { RealMultipathTools, type RealMultipathToolsOptions } from "./multipath-tools/real.ts";
export { restartNeeded } from "./multipath-tools/restart-needed.ts";
export { wwidArgument } from "./multipath-tools/wwid-argument.ts";
export { WWIDS_FILE, wwidsIn } from "./multipath-tools/wwids-file.ts";
export { multipathdAddresses, type SocketAddress, showAddress } from "./multipathd/address.ts";
export { MultipathdClient, type MultipathdClientOptions } from "./multipathd/client.ts";
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
export { type AskLiveness, type Liveness, livenessOnHost } from "./multipathd/liveness.ts";
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
export { type Clock, type ManualClock, manualClock, wallClock } from "./simulator/clock.ts";
export { SimulatedMultipathd, type SimulatedMultipathdOptions } from "./simulator/daemon/daemon.ts";
export type { DaemonFaults } from "./simulator/daemon/faults.ts";
export { type Release, releases } from "./simulator/daemon/release.ts";
export { demoAliases, demoSanPlan, type SanSize, sanOf } from "./simulator/demo-san.ts";
export { type SimulatedHost, type SimulateHostOptions, simulateHost } from "./simulator/host.ts";
export {
	type KeptGroup,
	type KeptVolume,
	type LunContent,
	lunContents,
} from "./simulator/lvm/lun-contents.ts";
export type { ProgramFaults } from "./simulator/multipath-program.ts";
export type { DmMap, DmUser, Reader } from "./simulator/san/dm-map.ts";
export type { Access, Disk, Lun, PathFault, Port } from "./simulator/san/fabric.ts";
export type { SimulatedNode } from "./simulator/san/node.ts";
export { San } from "./simulator/san/san.ts";
export type {
	ArrayPlan,
	InitiatorPlan,
	LunPlan,
	NodePlan,
	PortPlan,
	SanPlan,
} from "./simulator/san/san-plan.ts";
export type { HostSysfs, PathFacts } from "./sysfs/host-sysfs.ts";
export { SystemdNotifier, type SystemdNotifierOptions } from "./systemd/notify.ts";
export type { UdevEvent, UdevEvents } from "./udev/udev-events.ts";
