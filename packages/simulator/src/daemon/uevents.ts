import type { Disk } from "../san/fabric.ts";
import { createMap, mayAssemble, regroup } from "./assemble.ts";
import { check } from "./check.ts";
import { type DaemonMap, pathsOf } from "./state.ts";
import { adopt, pathsOfWwid, type World } from "./world.ts";

/** What the daemon does by itself when a disk comes or goes (multipathd/main.c `ev_add_path`, `ev_remove_path`). */

export function diskAdded(world: World, disk: Disk): "added" | "blacklisted" {
	const known = world.paths.get(disk.dev);
	if (known !== undefined) return "added";
	const path = adopt(world, disk);
	if (path === null) return "blacklisted";
	const map = world.maps.get(path.wwid);
	if (map !== undefined) {
		const paths = [...pathsOf(map), path];
		// An emptied map gets its paths and its settings back as if it were new.
		regroup(world, map, paths);
	} else if (world.node.map(path.wwid) === undefined) {
		const paths = pathsOfWwid(world, path.wwid);
		if (mayAssemble(world, path.wwid, paths.length)) createMap(world, path.wwid, paths);
	}
	for (const each of pathsOfWwid(world, path.wwid)) check(world, each);
	return "added";
}

/** Gives `removed` when the map went with its last path. */
export function diskRemoved(world: World, disk: Disk): "unknown" | "ok" | "removed" {
	const path = world.paths.get(disk.dev);
	if (path === undefined) return "unknown";
	world.paths.delete(disk.dev);
	world.dirty.delete(path);
	world.revision++;
	const { map } = path;
	if (map === null) return "ok";
	path.map = null;
	const rest = pathsOf(map).filter((each) => each !== path);
	if (rest.length === 0 && world.node.removeMap(map.kernel)) {
		forget(world, map);
		return "removed";
	}
	regroup(world, map, rest);
	return "ok";
}

/** Takes a map out of the daemon's books; its paths become orphans. */
export function forget(world: World, map: DaemonMap): void {
	world.maps.delete(map.wwid);
	for (const path of pathsOf(map)) {
		path.map = null;
		path.checker = "undef";
		world.dirty.delete(path);
	}
	world.revision++;
}
