import { pathState } from "../verdict/path-state.ts";
import { type DraftGroup, type DraftMap, isFinished } from "./topology-draft.ts";

/** A map of a text that does not agree with the rest of it, and in what. */
export interface Contradiction {
	readonly map: DraftMap;
	readonly problem: string;
}

/**
 * What only the whole text shows: a path line of a release before 0.4.9 that lost a state at its end, a path with a
 * device in a map whose first line says that none has one, and a path that stands twice where it can stand only once:
 * in a map, or in the maps of one capture. Nothing says which of the two is true, so neither map is whole. Where a
 * WWID stands twice, the text is more than one capture, and only the paths of each map are compared. A map that is
 * known not to be whole proves nothing against another.
 */
export function contradictions(maps: readonly DraftMap[]): Contradiction[] {
	const most = maps.reduce((count, { brackets }) => Math.max(count, brackets ?? 0), 0);
	const short = maps
		.filter(({ brackets }) => brackets !== null && brackets < most)
		.map((map) => ({ map, problem: "a path line lost a state at its end" }));
	const unnamed = maps.filter(({ header, groups }) => header.deviceless && groups.some(hasDevice));
	const strange = unnamed.map((map) => ({
		map,
		problem: "its first line says that no path of it has a device",
	}));
	return [...short, ...strange, ...shorterListings(maps), ...repeatedPaths(maps)];
}

/** Maps that do not show their end, where the text lists the same map with more paths. */
function shorterListings(maps: readonly DraftMap[]): Contradiction[] {
	const most = new Map<string, number>();
	for (const map of maps) most.set(map.header.wwid, Math.max(pathCount(map), most.get(map.header.wwid) ?? 0));
	return maps
		.filter((map) => !isFinished(map) && pathCount(map) > 0)
		.filter((map) => pathCount(map) < (most.get(map.header.wwid) ?? 0))
		.map((map) => ({ map, problem: "the text lists it again with more paths" }));
}

function pathCount({ groups }: DraftMap): number {
	return groups.reduce((count, { paths }) => count + paths.length, 0);
}

function hasDevice({ paths }: DraftGroup): boolean {
	return paths.some((path) => pathState(path) !== "gone");
}

function repeatedPaths(maps: readonly DraftMap[]): Contradiction[] {
	const oneCapture = new Set(maps.map(({ header }) => header.wwid)).size === maps.length;
	const owners = new Map<string, DraftMap>();
	const found: Contradiction[] = [];
	for (const map of maps) {
		const own = new Set<string>();
		for (const { paths } of map.groups) {
			for (const { dev, devT, hctl } of paths) {
				if (dev === "" || dev === "##") continue;
				if (own.has(dev)) found.push({ map, problem: `path ${dev} is in it twice` });
				own.add(dev);
				const key = `${map.section} ${dev} ${devT} ${hctl}`;
				const owner = owners.get(key);
				if (owner === undefined || owner.damage !== null) owners.set(key, map);
				else if (oneCapture && owner !== map && map.damage === null) {
					for (const both of [owner, map]) found.push({ map: both, problem: `path ${dev} is in two maps` });
				}
			}
		}
	}
	return found;
}
