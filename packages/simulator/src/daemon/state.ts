import type { DmMap } from "../san/dm-map.ts";
import type { Disk } from "../san/fabric.ts";
import type { NoPathRetry } from "./conf.ts";

/** What a simulated multipathd knows of one path (`struct path`). */
export interface DaemonPath {
	readonly disk: Disk;
	/** WWID when the daemon took the path in. */
	readonly wwid: string;
	/** Last result of the checker, in the words of `chk_st`; `undef` before the first. */
	checker: string;
	/** -1 while unknown. */
	priority: number;
	map: DaemonMap | null;
	marginal: boolean;
	/** False after `fail path`, until it is reinstated. */
	checked: boolean;
	/** How often the kernel or the checker failed it (`%0`). */
	failures: number;
	/** When the checker last looked, and how long it waits until it looks again, both in seconds of the daemon. */
	lastCheck: number;
	interval: number;
}

export interface DaemonGroup {
	readonly paths: readonly DaemonPath[];
	readonly marginal: boolean;
}

/** What a simulated multipathd knows of one map (`struct multipath`). */
export interface DaemonMap {
	readonly wwid: string;
	readonly kernel: DmMap;
	/** Empty when the daemon has forgotten the paths, or there are none. */
	groups: readonly DaemonGroup[];
	noPathRetry: NoPathRetry;
	failback: string;
	action: string;
	/** Seconds of counted queueing left; 0: not counting. */
	retryTick: number;
	stats: MapStats;
	/** `%x`: times the map ran out of paths without queueing. */
	failures: number;
	/** Goes up with every change that a listing would show. */
	revision: number;
}

export interface MapStats {
	pathFaults: number;
	groupSwitches: number;
	mapLoads: number;
	queueTime: number;
	queueTimeouts: number;
}

export const zeroStats = (): MapStats => ({
	pathFaults: 0,
	groupSwitches: 0,
	mapLoads: 0,
	queueTime: 0,
	queueTimeouts: 0,
});

export function pathsOf(map: DaemonMap): readonly DaemonPath[] {
	return map.groups.flatMap((group) => group.paths);
}

/** Paths that could carry I/O by the checker's word (`%N`). */
export function usablePaths(map: DaemonMap): number {
	let count = 0;
	for (const group of map.groups)
		for (const path of group.paths) if (path.checker === "ready" || path.checker === "ghost") count++;
	return count;
}

/** Priority of a group: the mean over its enabled paths, 0 when it has none. */
export function groupPriority(group: DaemonGroup): number {
	const enabled = group.paths.filter((path) => path.checker === "ready" || path.checker === "ghost");
	if (enabled.length === 0) return 0;
	const sum = enabled.reduce((total, path) => total + path.priority, 0);
	return Math.floor(sum / enabled.length);
}

/** `dm_st` of a path: the kernel's word. */
export function dmStateOf(path: DaemonPath): string {
	return path.map?.kernel.pathState(path.disk.dev) ?? "undef";
}

/** `dm_st` of a group. */
export function groupState(map: DaemonMap, index: number): string {
	return index === map.kernel.activeGroup ? "active" : "enabled";
}

/** `%f`: the feature words of the kernel's table. */
export function featuresOf(map: DaemonMap): string {
	return map.kernel.table.queueIfNoPath ? "1 queue_if_no_path" : "0";
}

/** `%Q`: how the map queues (multipath-tools 0.15.0 libmultipath/print.c `snprint_queueing`). */
export function queueingOf(map: DaemonMap): string {
	switch (map.noPathRetry) {
		case "unset":
			return "-";
		case "queue":
			return "on";
		case "fail":
			return "off";
		default:
			if (map.retryTick > 0) return `${map.retryTick} sec`;
			return usablePaths(map) > 0 ? `${map.noPathRetry} chk` : "off";
	}
}

/** Kernel groups follow from the daemon's. */
export function tableOf(
	groups: readonly DaemonGroup[],
	options: { readonly queueIfNoPath: boolean; readonly hardwareHandler: string; readonly selector: string },
) {
	return { ...options, groups: groups.map((group) => group.paths.map((path) => path.disk)) };
}
