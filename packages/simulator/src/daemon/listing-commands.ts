import { blacklistText, configText, devicesText, fileBlocks, mapBlocks } from "./config-text.ts";
import { mapsRaw, mapsTable, pathsRaw, pathsTable } from "./format.ts";
import type { MapJson } from "./map-json.ts";
import type { Outcome } from "./replies.ts";
import type { DaemonMap, DaemonPath } from "./state.ts";
import { topologyText } from "./topology.ts";
import { deviceState, wildcardsText } from "./wildcards.ts";
import type { World } from "./world.ts";

/** Commands that only look. A text, or how the command ended; an empty text is answered with `ok`. */
export type Answer = { readonly text: string } | { readonly outcome: Outcome };

export type Handler = (world: World, words: ReadonlyMap<string, string>) => Answer;

const text = (value: string): Answer => (value === "" ? { outcome: "ok" } : { text: value });
const unknown: Answer = { outcome: "unknown device" };

export function listingCommands(json: MapJson, busy: () => boolean): Readonly<Record<string, Handler>> {
	return {
		"list paths": (world) => text(pathsTable(world, paths(world), "%i %d %D %p %t %T %o %C")),
		"list paths format": (world, words) => text(pathsTable(world, paths(world), format(words))),
		"list paths raw format": (world, words) => text(pathsRaw(world, paths(world), format(words))),
		"list path": (world, words) => {
			const path = findPath(world, words.get("path") ?? "");
			return path === undefined ? unknown : { text: `${deviceState(world, path)}\n` };
		},
		"list maps": (world) => text(mapsTable(world, maps(world), "%n %d %w")),
		"list maps format": (world, words) => text(mapsTable(world, maps(world), format(words))),
		"list maps raw format": (world, words) => text(mapsRaw(world, maps(world), format(words))),
		"list maps status": (world) => text(mapsTable(world, maps(world), "%n %F %Q %N %t %r")),
		"list maps stats": (world) => text(mapsTable(world, maps(world), "%n %0 %1 %2 %3 %4")),
		"list maps topology": (world) => text(topologyText(world, maps(world))),
		"list topology": (world) => text(topologyText(world, maps(world))),
		"list maps json": (world) => text(json.allMaps(world)),
		"list map topology": onMap((world, map) => text(topologyText(world, [map]))),
		"list map format": onMap((world, map, words) => text(mapsRaw(world, [map], format(words)))),
		"list map raw format": onMap((world, map, words) => text(mapsRaw(world, [map], format(words)))),
		"list map json": onMap((world, map) => text(json.oneMap(world, map))),
		"list status": (world) => text(statusText(world, busy())),
		"list config local": (world) => text(configText(world.release, world.conf, mapBlocks(world))),
		"list config": (world) => text(configText(world.release, world.conf, fileBlocks(world.conf))),
		"list blacklist": (world) => text(blacklistText(world.release, world.conf)),
		"list devices": (world) => text(devicesText(world)),
		"list wildcards": (world) => text(wildcardsText(world)),
	};
}

/** A handler that needs a map; the daemon's answer to a name that it does not have is the same everywhere. */
export function onMap(
	run: (world: World, map: DaemonMap, words: ReadonlyMap<string, string>) => Answer,
): Handler {
	return (world, words) => {
		const map = findMap(world, words.get("map") ?? "");
		return map === undefined ? unknown : run(world, map, words);
	};
}

export function onPath(
	run: (world: World, path: DaemonPath, words: ReadonlyMap<string, string>) => Answer,
): Handler {
	return (world, words) => {
		const path = findPath(world, words.get("path") ?? "");
		return path === undefined ? unknown : run(world, path, words);
	};
}

/** By alias, `dm-N`, or (since 0.9.9) WWID; a leading `/dev/` is taken off. */
function findMap(world: World, given: string): DaemonMap | undefined {
	const name = given.startsWith("/dev/") ? given.slice(5) : given;
	const all = maps(world);
	return (
		all.find((map) => map.kernel.dm === name) ??
		all.find((map) => map.kernel.name === name) ??
		(world.traits.findsByWwid ? world.maps.get(name) : undefined)
	);
}

/** By kernel name or, not in 0.9.4, device number; a leading `/dev/` is taken off. */
function findPath(world: World, given: string): DaemonPath | undefined {
	const name = given.startsWith("/dev/") ? given.slice(5) : given;
	const byName = world.paths.get(name);
	if (byName !== undefined || !world.traits.findsByNumber) return byName;
	return paths(world).find((path) => path.disk.devT === name);
}

function maps(world: World): readonly DaemonMap[] {
	return [...world.maps.values()];
}

function paths(world: World): readonly DaemonPath[] {
	return [...world.paths.values()];
}

function format(words: ReadonlyMap<string, string>): string {
	return words.get("format") ?? "";
}

const stateNames: Readonly<Record<string, string>> = {
	ready: "up",
	faulty: "down",
	"i/o pending": "pending",
	"i/o timeout": "timeout",
	undef: "unchecked",
};
const stateOrder = [
	"wild",
	"unchecked",
	"down",
	"up",
	"shaky",
	"ghost",
	"pending",
	"timeout",
	"removed",
	"delayed",
	"disconnected",
];

/** `show status`: how many paths are in which state, and whether work is waiting. */
function statusText(world: World, busy: boolean): string {
	const counts = new Map<string, number>();
	for (const path of world.paths.values()) {
		const name = stateNames[path.checker] ?? path.checker;
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	const lines = stateOrder
		.filter((name) => counts.has(name))
		.map((name) => `${name.padEnd(20)}${counts.get(name) ?? 0}\n`);
	return `path checker states:\n${lines.join("")}\npaths: ${world.paths.size}\nbusy: ${busy ? "True" : "False"}\n`;
}
