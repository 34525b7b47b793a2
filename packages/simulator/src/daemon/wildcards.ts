import { accessOf } from "../san/fabric.ts";
import { maxPollingInterval, pollingInterval } from "./conf.ts";
import { protocolOf } from "./filter.ts";
import { progressText, scheduleAt } from "./progress.ts";
import {
	type DaemonMap,
	type DaemonPath,
	dmStateOf,
	featuresOf,
	pathsOf,
	queueingOf,
	usablePaths,
} from "./state.ts";
import type { World } from "./world.ts";

/** The letters of format strings, with their column heads (multipath-tools libmultipath/print.c). */
export interface Wildcard<T> {
	readonly letter: string;
	readonly head: string;
	readonly value: (world: World, thing: T) => string;
}

export const mapWildcards: readonly Wildcard<DaemonMap>[] = [
	{ letter: "n", head: "name", value: (_, map) => map.kernel.name },
	{ letter: "w", head: "uuid", value: (_, map) => map.wwid },
	{ letter: "d", head: "sysfs", value: (_, map) => map.kernel.dm },
	{ letter: "F", head: "failback", value: (_, map) => map.failback },
	{ letter: "Q", head: "queueing", value: (_, map) => queueingOf(map) },
	{ letter: "N", head: "paths", value: (_, map) => String(usablePaths(map)) },
	{ letter: "r", head: "write_prot", value: () => "rw" },
	{ letter: "t", head: "dm-st", value: (_, map) => (map.kernel.suspended ? "suspend" : "active") },
	{ letter: "S", head: "size", value: (_, map) => sizeText(map.kernel.sizeBytes) },
	{ letter: "f", head: "features", value: (_, map) => featuresOf(map) },
	{ letter: "x", head: "failures", value: (_, map) => String(map.failures) },
	{ letter: "h", head: "hwhandler", value: (_, map) => map.kernel.table.hardwareHandler },
	{ letter: "A", head: "action", value: (_, map) => map.action },
	{ letter: "0", head: "path_faults", value: (_, map) => String(map.stats.pathFaults) },
	{ letter: "1", head: "switch_grp", value: (_, map) => String(map.stats.groupSwitches) },
	{ letter: "2", head: "map_loads", value: (_, map) => String(map.stats.mapLoads) },
	{ letter: "3", head: "total_q_time", value: (_, map) => String(map.stats.queueTime) },
	{ letter: "4", head: "q_timeouts", value: (_, map) => String(map.stats.queueTimeouts) },
	{ letter: "s", head: "vend/prod", value: (_, map) => `${inquiry(map).vendor},${inquiry(map).product}` },
	{ letter: "v", head: "vend", value: (_, map) => inquiry(map).vendor },
	{ letter: "p", head: "prod", value: (_, map) => inquiry(map).product },
	{ letter: "e", head: "rev", value: (_, map) => inquiry(map).revision },
	{ letter: "G", head: "foreign", value: () => "--" },
	{ letter: "g", head: "vpd page data", value: () => "[undef]" },
	{ letter: "k", head: "max_sectors_kb", value: (world) => String(world.traits.maxSectorsKb) },
];

export const pathWildcards: readonly Wildcard<DaemonPath>[] = [
	{ letter: "w", head: "uuid", value: (_, path) => path.wwid },
	{ letter: "i", head: "hcil", value: (_, path) => path.disk.hctl },
	{ letter: "d", head: "dev", value: (_, path) => path.disk.dev },
	{ letter: "D", head: "dev_t", value: (_, path) => path.disk.devT },
	{ letter: "t", head: "dm_st", value: (_, path) => dmStateOf(path) },
	{ letter: "o", head: "dev_st", value: deviceState },
	{ letter: "T", head: "chk_st", value: (_, path) => path.checker },
	{ letter: "s", head: "vend/prod/rev", value: inquiryOfPath },
	{ letter: "c", head: "checker", value: () => "tur" },
	{ letter: "C", head: "next_check", value: nextCheck },
	{ letter: "p", head: "pri", value: (_, path) => String(path.priority) },
	{ letter: "S", head: "size", value: (_, path) => sizeText(path.disk.sizeBytes) },
	{ letter: "z", head: "serial", value: (_, path) => path.disk.lun.plan.serial ?? "" },
	{ letter: "M", head: "marginal_st", value: (_, path) => (path.marginal ? "marginal" : "normal") },
	{ letter: "m", head: "multipath", value: (_, path) => path.map?.kernel.name ?? "[orphan]" },
	{ letter: "N", head: "host WWNN", value: (_, path) => transportOf(path).hostNode },
	{ letter: "n", head: "target WWNN", value: (_, path) => transportOf(path).targetNode },
	{ letter: "R", head: "host WWPN", value: (_, path) => transportOf(path).hostPort },
	{ letter: "r", head: "target WWPN", value: (_, path) => transportOf(path).targetPort },
	{ letter: "a", head: "host adapter", value: (_, path) => transportOf(path).adapter },
	{ letter: "G", head: "foreign", value: () => "--" },
	{ letter: "g", head: "vpd page data", value: () => "[undef]" },
	{ letter: "0", head: "failures", value: (_, path) => String(path.failures) },
	{ letter: "P", head: "protocol", value: (_, path) => protocolOf(path.disk) },
	{ letter: "I", head: "init_st", value: () => "ok" },
	{ letter: "L", head: "LUN hex", value: (_, path) => lunHex(path) },
	{ letter: "A", head: "TPG", value: (_, path) => targetPortGroup(path) },
	{ letter: "k", head: "max_sectors_kb", value: (world) => String(world.traits.maxSectorsKb) },
];

export function knownWildcards<T>(world: World, all: readonly Wildcard<T>[]): readonly Wildcard<T>[] {
	return all
		.filter(({ head }) => head !== "max_sectors_kb" || world.traits.maxSectorsKb !== null)
		.filter(({ head }) => head !== "TPG" || world.traits.tpgWildcard);
}

/** `show wildcards`. */
export function wildcardsText(world: World): string {
	const lines = <T>(all: readonly Wildcard<T>[]) =>
		knownWildcards(world, all).map(({ letter, head }) =>
			letter === "s" && !world.traits.pathRevision ? "%s  vend/prod/rev" : `%${letter}  ${head}`,
		);
	const groups = ["%s  selector", "%p  pri", "%t  dm_st", "%M  marginal_st"];
	return [
		"multipath format wildcards:",
		...lines(mapWildcards),
		"",
		"path format wildcards:",
		...lines(pathWildcards),
		...(world.traits.groupWildcards ? ["", "pathgroup format wildcards:", ...groups] : []),
		"",
	].join("\n");
}

/** What a map shows of its first path; `##` when it has none. */
export function inquiry(map: DaemonMap): { vendor: string; product: string; revision: string } {
	return pathsOf(map)[0]?.disk.lun.array ?? { vendor: "##", product: "##", revision: "##" };
}

/** `1.0G`: one decimal below ten, none above. */
export function sizeText(bytes: number): string {
	let size = bytes / 1024;
	let unit = 0;
	while (size >= 1024 && unit < 4) {
		size /= 1024;
		unit++;
	}
	return `${size.toFixed(size < 10 ? 1 : 0)}${"KMGTP".charAt(unit)}`;
}

/** The addresses on both ends; `[undef]` where the wire has none. */
export function transportOf(path: DaemonPath) {
	const { port, initiator } = path.disk.session;
	const undef = "[undef]";
	const none = { hostNode: undef, targetNode: undef, hostPort: undef, targetPort: undef, adapter: undef };
	switch (port.array.protocol) {
		case "iscsi":
			return { ...none, targetNode: port.plan.target, adapter: initiator.address };
		case "fc":
			return {
				hostNode: initiator.node ?? "[unknown]",
				targetNode: port.plan.targetNode ?? "[unknown]",
				hostPort: initiator.address,
				targetPort: port.plan.target,
				adapter: initiator.adapter ?? undef,
			};
		default:
			return none;
	}
}

/** `%L`: the LUN as the SCSI layer writes it, 16 hex digits. */
export function lunHex(path: DaemonPath): string {
	return `0x${path.disk.lun.plan.number.toString(16).padStart(4, "0")}000000000000`;
}

/** `%o`: blocked devices count as running; a path without a map is not asked. */
export function deviceState(world: World, path: DaemonPath): string {
	if (path.map === null) return "unknown";
	const { deviceState: state } = world.node.condition(path.disk);
	return state === "running" || state === "blocked" || state === "quiesce" ? "running" : "offline";
}

function inquiryOfPath(world: World, path: DaemonPath): string {
	const { vendor, product, revision } = path.disk.lun.array;
	return world.traits.pathRevision ? `${vendor},${product},${revision}` : `${vendor},${product}`;
}

function nextCheck(world: World, path: DaemonPath): string {
	if (path.map === null) return "orphan";
	const limits = { least: pollingInterval(world.conf), most: maxPollingInterval(world.conf) };
	const { lastCheck, interval } = scheduleAt(path, world.second(), limits);
	return progressText(Math.min(interval, Math.max(1, world.second() - lastCheck)), interval);
}

function targetPortGroup(path: DaemonPath): string {
	if (accessOf(path.disk) === null) return "[undef]";
	return `0x${path.disk.session.port.group.toString(16).padStart(4, "0")}`;
}
