import type { Disk } from "../san/fabric.ts";
import { mapValue, noPathRetry, pathValue } from "./conf.ts";
import { showFailback } from "./failback.ts";
import {
	type DaemonGroup,
	type DaemonMap,
	type DaemonPath,
	groupPriority,
	pathsOf,
	tableOf,
	zeroStats,
} from "./state.ts";
import type { World } from "./world.ts";

/** How paths become maps (multipath-tools libmultipath/configure.c, pgpolicies.c, propsel.c). */

/** Whether the paths of a WWID may become a map, by the mode of `find_multipaths`. */
export function mayAssemble(world: World, wwid: string, paths: number): boolean {
	switch (world.conf.defaults.get("find_multipaths") ?? "strict") {
		case "off":
		case "no":
		case "0":
		case "greedy":
			return true;
		case "on":
		case "yes":
		case "1":
		case "smart":
			return paths >= 2 || world.wwids.listed().has(wwid);
		default:
			return world.wwids.listed().has(wwid);
	}
}

/** Paths of another size than the first are left out; they stay orphans. */
export function joinable(paths: readonly DaemonPath[]): readonly DaemonPath[] {
	const size = paths[0]?.disk.sizeBytes;
	return paths.filter((path) => path.disk.sizeBytes === size);
}

/** The name a map gets: alias of its `multipath` block, a binding, or the WWID. */
export function nameOf(world: World, wwid: string, disk: Disk | undefined): string {
	const alias = world.conf.multipaths.get(wwid)?.get("alias");
	if (alias !== undefined && aliasOwner(world, alias) === wwid) return alias;
	const friendly =
		disk === undefined ? null : mapValue(world.conf, wwid, disk.lun.array, "user_friendly_names");
	return friendly === "yes"
		? world.wwids.binding(wwid, world.conf.defaults.get("alias_prefix") ?? "mpath")
		: wwid;
}

/** Two blocks with one alias: the first WWID in byte order keeps it (since 0.8.5). */
function aliasOwner(world: World, alias: string): string | undefined {
	const owners = world.aliasOwners ?? ownersOfAliases(world);
	return owners.get(alias);
}

function ownersOfAliases(world: World): ReadonlyMap<string, string> {
	const owners = new Map<string, string>();
	for (const [wwid, values] of world.conf.multipaths) {
		const alias = values.get("alias");
		if (alias === undefined) continue;
		const other = owners.get(alias);
		if (other === undefined || wwid < other) owners.set(alias, wwid);
	}
	world.aliasOwners = owners;
	return owners;
}

/** Groups in the order of their priority, marginal ones last. */
export function groupsOf(world: World, paths: readonly DaemonPath[]): readonly DaemonGroup[] {
	const [first] = paths;
	if (first === undefined) return [];
	const apart = (world.conf.defaults.get("marginal_pathgroups") ?? "off") !== "off";
	const policy = groupingOf(world, first);
	const groups = [false, true].flatMap((marginal) => {
		const members = apart ? paths.filter((path) => path.marginal === marginal) : marginal ? [] : paths;
		return [...Map.groupBy(members, (path) => groupKey(policy, path)).values()].map((inGroup) => ({
			paths: inGroup,
			marginal,
		}));
	});
	return groups.sort(
		(a, b) => Number(a.marginal) - Number(b.marginal) || plannedPriority(b) - plannedPriority(a),
	);
}

function plannedPriority(group: DaemonGroup): number {
	return group.paths.reduce((sum, path) => sum + path.priority, 0) / group.paths.length;
}

function groupingOf(world: World, path: DaemonPath): string {
	const { array } = path.disk.lun;
	const told = mapValue(world.conf, path.wwid, array, "path_grouping_policy");
	const detects = (pathValue(world.conf, array, "detect_pgpolicy") ?? "yes") === "yes";
	if (world.traits.detectsGrouping && array.alua && detects) return "group_by_prio";
	return told ?? "failover";
}

function groupKey(policy: string, path: DaemonPath): string {
	const { session, lun } = path.disk;
	if (policy.startsWith("multibus")) return "";
	if (policy.startsWith("group_by_prio")) return String(path.priority);
	if (policy.startsWith("group_by_serial")) return lun.plan.serial ?? "";
	if (policy.startsWith("group_by_node_name"))
		return session.port.plan.targetNode ?? session.port.plan.target;
	if (policy.startsWith("group_by_tpg")) return String(session.port.group);
	return path.disk.dev;
}

/** Options of the kernel's table, from the configuration. */
export function tableOptions(world: World, wwid: string, disk: Disk) {
	const { array } = disk.lun;
	const retry = noPathRetry(world.conf, wwid, array);
	return {
		queueIfNoPath: retry === "queue" || typeof retry === "number",
		hardwareHandler: array.alua ? "1 alua" : "0",
		selector: mapValue(world.conf, wwid, array, "path_selector") ?? "service-time 0",
	};
}

/** Builds a map from paths that have none; null when its name is taken. */
export function createMap(world: World, wwid: string, candidates: readonly DaemonPath[]): DaemonMap | null {
	const paths = joinable(candidates);
	const [first] = paths;
	if (first === undefined) return null;
	const groups = groupsOf(world, paths);
	const kernel = world.node.createMap({
		name: nameOf(world, wwid, first.disk),
		wwid,
		sizeBytes: first.disk.sizeBytes,
		table: tableOf(groups, tableOptions(world, wwid, first.disk)),
	});
	if (kernel === null) return null;
	const map = newMap(world, wwid, kernel, groups);
	map.action = "create";
	map.stats.mapLoads = 1;
	world.maps.set(wwid, map);
	world.wwids.add(wwid);
	return map;
}

/** The daemon's side of a map, configured, with the given groups. */
export function newMap(
	world: World,
	wwid: string,
	kernel: DaemonMap["kernel"],
	groups: readonly DaemonGroup[],
): DaemonMap {
	const array = groups[0]?.paths[0]?.disk.lun.array;
	const retry = array === undefined ? "unset" : noPathRetry(world.conf, wwid, array);
	const map: DaemonMap = {
		wwid,
		kernel,
		groups,
		noPathRetry: retry,
		failback: showFailback(
			array === undefined ? null : mapValue(world.conf, wwid, array, "failback"),
			world.traits,
		),
		action: "",
		retryTick: 0,
		stats: zeroStats(),
		failures: 0,
		revision: 0,
	};
	for (const path of pathsOf(map)) path.map = map;
	world.revision++;
	return map;
}

/** Gives a map other paths and tells the kernel. */
export function regroup(world: World, map: DaemonMap, paths: readonly DaemonPath[]): void {
	for (const path of pathsOf(map)) path.map = null;
	map.groups = groupsOf(world, joinable(paths));
	for (const path of pathsOf(map)) path.map = map;
	const size = map.groups[0]?.paths[0]?.disk.sizeBytes ?? map.kernel.sizeBytes;
	const { queueIfNoPath, hardwareHandler, selector } = map.kernel.table;
	map.kernel.load(tableOf(map.groups, { queueIfNoPath, hardwareHandler, selector }), size);
	map.stats.mapLoads++;
	map.action = "";
	touch(world, map);
}

export function touch(world: World, map: DaemonMap): void {
	map.revision++;
	world.revision++;
}

/** The group that should be active: the first of the highest priority with a usable path. */
export function bestGroup(map: DaemonMap): number {
	let best = 0;
	let highest = -1;
	for (const [index, group] of map.groups.entries()) {
		const priority = group.marginal ? 0 : groupPriority(group);
		if (priority > highest) {
			best = index;
			highest = priority;
		}
	}
	return best;
}
