export type { HostFiles } from "./files/host-files.ts";
export { RootedFiles } from "./files/rooted-files.ts";
export type { Host } from "./host.ts";
export type { LintResult, MultipathTools } from "./multipath-tools/multipath-tools.ts";
export type { DaemonStatus, Multipathd } from "./multipathd/multipathd.ts";
export type { HostSysfs, PathFacts } from "./sysfs/host-sysfs.ts";
export type { UdevEvent, UdevEvents } from "./udev/udev-events.ts";
