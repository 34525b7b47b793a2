import { bestGroup, touch } from "./assemble.ts";
import { maxPollingInterval, pollingInterval } from "./conf.ts";
import { scheduleAt } from "./progress.ts";
import { type DaemonMap, type DaemonPath, dmStateOf, usablePaths } from "./state.ts";
import { priorityOf, type World } from "./world.ts";

/** The checker loop (multipath-tools multipathd/main.c `checkerloop`, `check_path`, `retry_count_tick`). */

/** One second of the daemon's life: paths that fall due are checked, queueing that is counted is counted down. */
export function tick(world: World): void {
	const now = world.second();
	const limits = { least: pollingInterval(world.conf), most: maxPollingInterval(world.conf) };
	for (const path of world.dirty) {
		const schedule = scheduleAt(path, now, limits);
		path.lastCheck = schedule.lastCheck;
		path.interval = schedule.interval;
		if (schedule.lastCheck + schedule.interval <= now) check(world, path);
	}
	for (const map of world.maps.values()) if (map.retryTick > 0) countDown(world, map);
}

/** Looks at a path now and acts on what it finds. */
export function check(world: World, path: DaemonPath): void {
	world.dirty.delete(path);
	if (!path.checked || path.map === null) return;
	const before = path.checker;
	const { checker } = world.node.condition(path.disk);
	path.lastCheck = world.second();
	path.priority = priorityOf(world, path.disk);
	path.checker = checker;
	const { kernel } = path.map;
	const good = checker === "ready" || checker === "ghost";
	if (checker !== before) path.interval = pollingInterval(world.conf);
	if (checker === "i/o pending") {
		touch(world, path.map);
		return;
	}
	if (good && dmStateOf(path) === "failed") kernel.reinstatePath(path.disk.dev);
	else if (!good && dmStateOf(path) === "active") kernel.failPath(path.disk.dev);
	if (checker !== before) afterChange(world, path.map);
}

/** The kernel failed a path: because the daemon said so, or because a read through it failed. */
export function pathFailed(world: World, path: DaemonPath): void {
	path.failures++;
	if (path.checker === "ready" || path.checker === "ghost" || path.checker === "undef")
		path.checker = "faulty";
	if (path.checked) {
		path.lastCheck = world.second();
		path.interval = pollingInterval(world.conf);
		world.dirty.add(path);
	}
	if (path.map === null) return;
	path.map.stats.pathFaults++;
	afterChange(world, path.map);
}

/** Starts or ends counted queueing, and goes back to the best group where that is wanted. */
export function afterChange(world: World, map: DaemonMap): void {
	const usable = usablePaths(map);
	if (usable > 0) {
		map.retryTick = 0;
		if (map.noPathRetry === "queue" || typeof map.noPathRetry === "number") map.kernel.queueIfNoPath(true);
		if (map.failback === "immediate" && map.kernel.switchGroup(bestGroup(map))) map.revision++;
	} else if (typeof map.noPathRetry === "number") {
		if (map.retryTick === 0 && map.kernel.table.queueIfNoPath) {
			map.retryTick = map.noPathRetry * pollingInterval(world.conf) + 1;
			map.stats.queueTimeouts++;
			if (!world.traits.saysWhy) map.failures++;
		}
	} else if (map.noPathRetry === "fail") map.failures++;
	touch(world, map);
}

function countDown(world: World, map: DaemonMap): void {
	map.stats.queueTime++;
	map.retryTick--;
	if (map.retryTick === 0) {
		map.failures++;
		map.kernel.queueIfNoPath(false);
	}
	touch(world, map);
}
