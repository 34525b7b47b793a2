import { createMap, regroup, touch } from "./assemble.ts";
import { afterChange, check } from "./check.ts";
import { noPathRetry } from "./conf.ts";
import { type Answer, type Handler, onMap, onPath } from "./listing-commands.ts";
import { type DaemonMap, dmStateOf, pathsOf, zeroStats } from "./state.ts";
import { diskAdded, diskRemoved, forget } from "./uevents.ts";
import { pathsOfWwid, type World } from "./world.ts";

/** Commands that change something; all of them want root. */

const ok: Answer = { outcome: "ok" };
const fail: Answer = { outcome: "fail" };
const blacklisted: Answer = { text: "blacklisted\n" };

export const changingCommands: Readonly<Record<string, Handler>> = {
	"add path": (world, words) => {
		const dev = (words.get("path") ?? "").replace(/^\/dev\//, "");
		if (!world.filter.devnodeAllowed(dev)) return blacklisted;
		const disk = world.node.disk(dev);
		if (disk === undefined) return fail;
		return diskAdded(world, disk) === "blacklisted" ? blacklisted : ok;
	},
	"remove path": onPath((world, path) => {
		const outcome = diskRemoved(world, path.disk);
		return outcome === "removed" ? { text: "map reload error. removed\n" } : ok;
	}),
	"add map": (world, words) => addMap(world, words.get("map") ?? ""),
	"remove map": onMap((world, map) => (removeMap(world, map) ? ok : { outcome: "busy" })),
	"remove maps": (world) => {
		const stayed = [...world.maps.values()].filter((map) => !removeMap(world, map));
		return stayed.length > 0 ? { outcome: "busy" } : ok;
	},
	"resize map": onMap((world, map) => {
		const sizes = new Set(pathsOf(map).map((path) => path.disk.sizeBytes));
		const [size] = sizes;
		if (size === undefined || sizes.size > 1) return fail;
		if (size !== map.kernel.sizeBytes) {
			map.kernel.load(map.kernel.table, size);
			map.stats.mapLoads++;
			touch(world, map);
		}
		return ok;
	}),
	"reload map": onMap((world, map) => {
		regroup(world, map, pathsOf(map));
		map.action = "reload";
		return ok;
	}),
	"switch map group": onMap((world, map, words) => {
		const group = Number(words.get("group")) - 1;
		if (!map.kernel.switchGroup(group)) return fail;
		map.stats.groupSwitches++;
		touch(world, map);
		return ok;
	}),
	"reset maps stats": (world) => {
		for (const map of world.maps.values()) resetStats(world, map);
		return ok;
	},
	"reset map stats": onMap((world, map) => {
		resetStats(world, map);
		return ok;
	}),
	"reset map": onMap(() => ok),
	"suspend map": onMap((world, map) => {
		map.kernel.suspend(true);
		touch(world, map);
		return ok;
	}),
	"resume map": onMap((world, map) => {
		map.kernel.suspend(false);
		touch(world, map);
		return ok;
	}),
	"fail path": onPath((world, path) => {
		if (path.map === null || dmStateOf(path) === "undef") return fail;
		path.checked = false;
		world.dirty.delete(path);
		path.map.kernel.failPath(path.disk.dev);
		return ok;
	}),
	"reinstate path": onPath((world, path) => {
		if (path.map === null) return fail;
		path.checked = true;
		path.map.kernel.reinstatePath(path.disk.dev);
		// The kernel uses it at once; the checker's word changes when it looks the next time.
		world.dirty.add(path);
		touch(world, path.map);
		return ok;
	}),
	"disablequeueing map": onMap(disableQueueing),
	"restorequeueing map": onMap(restoreQueueing),
	"disablequeueing maps": onEveryMap(disableQueueing),
	"restorequeueing maps": onEveryMap(restoreQueueing),
	"forcequeueing daemon": () => ok,
	"restorequeueing daemon": () => ok,
	"setmarginal path": onPath((world, path) => setMarginal(world, path.map, [path.disk.dev], true)),
	"unsetmarginal path": onPath((world, path) => setMarginal(world, path.map, [path.disk.dev], false)),
	"unsetmarginal map": onMap((world, map) =>
		setMarginal(
			world,
			map,
			pathsOf(map).map((path) => path.disk.dev),
			false,
		),
	),
	"getprstatus map": onMap((world) => ({ text: world.traits.prStatusUnset })),
	"setprstatus map": onMap(() => ok),
	"setprstatus map pathlist": onMap(() => ok),
	"unsetprstatus map": onMap(() => ok),
	"getprkey map": onMap(() => ({ text: "none\n" })),
	"setprkey map key": onMap(() => ok),
	"unsetprkey map": onMap(() => ok),
	"getprhold map": onMap(() => ({ text: "unset\n" })),
	"setprhold map": onMap(() => ok),
	"unsetprhold map": onMap(() => ok),
};

/** Builds the map of a WWID even where `find_multipaths strict` would not, and lists it from then on. */
function addMap(world: World, given: string): Answer {
	const alias = [...world.conf.multipaths].find(([, values]) => values.get("alias") === given);
	const wwid = alias?.[0] ?? given;
	if (!world.filter.wwidAllowed(wwid)) return blacklisted;
	const known = world.maps.get(wwid);
	if (known !== undefined) return ok;
	const paths = pathsOfWwid(world, wwid);
	if (paths.length === 0 || createMap(world, wwid, paths) === null) return fail;
	for (const path of paths) check(world, path);
	return ok;
}

function removeMap(world: World, map: DaemonMap): boolean {
	if (!world.node.removeMap(map.kernel)) return false;
	forget(world, map);
	return true;
}

function resetStats(world: World, map: DaemonMap): void {
	map.stats = zeroStats();
	touch(world, map);
}

function disableQueueing(world: World, map: DaemonMap): Answer {
	map.noPathRetry = "fail";
	map.retryTick = 0;
	map.kernel.queueIfNoPath(false);
	touch(world, map);
	return ok;
}

/** Without a configured value the map stays as `disablequeueing` left it. */
function restoreQueueing(world: World, map: DaemonMap): Answer {
	const array = pathsOf(map)[0]?.disk.lun.array;
	const configured = array === undefined ? "unset" : noPathRetry(world.conf, map.wwid, array);
	if (configured !== "unset") map.noPathRetry = configured;
	if (configured === "queue" || typeof configured === "number") map.kernel.queueIfNoPath(true);
	afterChange(world, map);
	return ok;
}

function onEveryMap(run: (world: World, map: DaemonMap) => Answer): Handler {
	return (world) => {
		for (const map of world.maps.values()) run(world, map);
		return ok;
	};
}

function setMarginal(
	world: World,
	map: DaemonMap | null,
	devs: readonly string[],
	marginal: boolean,
): Answer {
	if (map === null) return fail;
	for (const path of pathsOf(map)) if (devs.includes(path.disk.dev)) path.marginal = marginal;
	if ((world.conf.defaults.get("marginal_pathgroups") ?? "off") !== "off") regroup(world, map, pathsOf(map));
	touch(world, map);
	return ok;
}
