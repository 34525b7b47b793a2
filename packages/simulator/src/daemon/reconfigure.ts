import type { DmMap } from "../san/dm-map.ts";
import {
	createMap,
	groupsOf,
	joinable,
	mayAssemble,
	nameOf,
	newMap,
	tableOptions,
	touch,
} from "./assemble.ts";
import { check } from "./check.ts";
import type { DaemonConf } from "./conf.ts";
import { type DaemonGroup, type DaemonPath, tableOf } from "./state.ts";
import { adopt, useConf, type World } from "./world.ts";

/**
 * What reconfigure does: forget everything, look at all devices again, and bring the kernel's maps in line with the
 * configuration (multipath-tools multipathd/main.c `reconfigure`, libmultipath/configure.c `coalesce_paths`).
 * `all` reloads every map, otherwise only those whose table or name differ.
 */
export function reconfigure(world: World, conf: DaemonConf, all: boolean): void {
	useConf(world, conf);
	world.paths.clear();
	world.dirty.clear();
	world.maps = new Map();
	for (const disk of world.node.disks) adopt(world, disk);
	const byWwid = Map.groupBy(world.paths.values(), (path) => path.wwid);
	for (const [wwid, paths] of byWwid) {
		if (!mayAssemble(world, wwid, paths.length)) continue;
		const kernel = world.node.map(wwid);
		if (kernel === undefined) createMap(world, wwid, paths);
		else keepMap(world, kernel, paths, all);
	}
	for (const kernel of world.node.maps) if (!world.maps.has(kernel.wwid)) dropMap(world, kernel);
	for (const wwid of world.maps.keys()) world.wwids.add(wwid);
	for (const path of world.paths.values()) if (path.map !== null) check(world, path);
	world.revision++;
}

/** A map that cannot get the name it should have counts as one that should not be. */
function keepMap(world: World, kernel: DmMap, candidates: readonly DaemonPath[], all: boolean): void {
	const paths = joinable(candidates);
	const [first] = paths;
	if (first === undefined) return;
	const name = nameOf(world, kernel.wwid, first.disk);
	const renamed = kernel.name !== name;
	if (renamed && !world.node.renameMap(kernel, name)) return;
	const groups = groupsOf(world, paths);
	const map = newMap(world, kernel.wwid, kernel, groups);
	const options = tableOptions(world, kernel.wwid, first.disk);
	if (all || differs(kernel, groups, options.hardwareHandler) || kernel.sizeBytes !== first.disk.sizeBytes) {
		kernel.load(tableOf(groups, options), first.disk.sizeBytes);
		map.stats.mapLoads = 1;
		map.action = "reload";
	} else kernel.queueIfNoPath(options.queueIfNoPath);
	if (renamed) map.action = "rename";
	world.maps.set(kernel.wwid, map);
}

function differs(kernel: DmMap, groups: readonly DaemonGroup[], hardwareHandler: string): boolean {
	const shape = (table: readonly (readonly { dev: string }[])[]) =>
		table.map((group) => group.map((disk) => disk.dev).join(" ")).join("|");
	const wanted = groups.map((group) => group.paths.map((path) => path.disk));
	return kernel.table.hardwareHandler !== hardwareHandler || shape(kernel.table.groups) !== shape(wanted);
}

/**
 * A map that should not be: removed when idle. An open one stays, and is even listed in the wwids file again, but its
 * settings are lost until the next reconfigure. Paths that no rule forbids stay in it; without any, its users depend on
 * the release.
 */
function dropMap(world: World, kernel: DmMap): void {
	if (world.node.removeMap(kernel)) return;
	const groups = kernel.table.groups
		.map((disks) => ({
			paths: disks.flatMap((disk) => world.paths.get(disk.dev) ?? []),
			marginal: false,
		}))
		.filter(({ paths }) => paths.length > 0);
	const { emptiesOpenMaps, failback } = world.traits;
	const map = newMap(world, kernel.wwid, kernel, groups);
	map.noPathRetry = emptiesOpenMaps ? "fail" : "unset";
	map.failback = failback.unset;
	if (emptiesOpenMaps) kernel.queueIfNoPath(false);
	if (emptiesOpenMaps && groups.length === 0) {
		kernel.load({ ...kernel.table, hardwareHandler: "0", groups: [] }, kernel.sizeBytes);
		map.failback = failback.manual;
		map.stats.mapLoads = 1;
	}
	world.maps.set(kernel.wwid, map);
	touch(world, map);
}
