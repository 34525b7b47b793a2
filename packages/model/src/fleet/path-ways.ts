import type { MultipathMap } from "../topology/map.ts";
import type { Path } from "../topology/path.ts";
import { pathState } from "../verdict/path-state.ts";
import type { PathState } from "../verdict/states.ts";

/**
 * How a path is known again when its device got another name: by its two ends on the wire where they are told, else
 * by its SCSI address, else by its device.
 */
export interface PathWay {
	/** Unlike that of every other path of the map. */
	readonly id: string;
	/** The array's end: portal, or the target's address; null when not told. */
	readonly port: string | null;
}

/** The paths of one map, ordered by way: three columns of equal length. */
export interface PathRow {
	readonly ways: readonly PathWay[];
	/** One letter a path, as in `letterOf`. */
	readonly states: string;
	/** Kernel names. */
	readonly devs: readonly string[];
}

const letters: Readonly<Record<PathState, string>> = {
	gone: "g",
	failed: "f",
	unknown: "?",
	impaired: "i",
	standby: "s",
	usable: "u",
};

/** The letter that stands for a state where 400,000 of them are kept. */
export function letterOf(state: PathState): string {
	return letters[state];
}

export const noPaths: PathRow = { ways: [], states: "", devs: [] };

/** With `wayOf` of a pool, ways that other maps take, too, are kept once. */
export function pathRow(map: MultipathMap, wayOf: (path: Path, place: number) => PathWay = newWay): PathRow {
	const paths =
		map.groups.length === 1 ? (map.groups[0]?.paths ?? []) : map.groups.flatMap((group) => group.paths);
	const ways = paths.map((path, place) => wayOf(path, place));
	// Mostly multipathd lists them in one order; a server looks at hundreds of thousands.
	if (ways.every((way, at) => at === 0 || (ways[at - 1]?.id ?? "") <= way.id)) return rowOf(ways, paths);
	const rows = paths.map((path, place) => ({ path, way: ways[place] ?? newWay(path) }));
	rows.sort(({ way: a }, { way: b }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
	return rowOf(
		rows.map(({ way }) => way),
		rows.map(({ path }) => path),
	);
}

function rowOf(ways: readonly PathWay[], paths: readonly Path[]): PathRow {
	let states = "";
	for (const path of paths) states += letterOf(pathState(path));
	return { ways: toldApart(ways), states, devs: paths.map(({ dev }) => dev) };
}

/** Sorted ways; of those that are equal, all but the first get a number. */
function toldApart(ways: readonly PathWay[]): readonly PathWay[] {
	if (ways.every((way, at) => way.id !== ways[at + 1]?.id)) return ways;
	const met = new Map<string, number>();
	return ways.map((way) => {
		const before = met.get(way.id) ?? 0;
		met.set(way.id, before + 1);
		return before === 0 ? way : { ...way, id: `${way.id} #${before + 1}` };
	});
}

export function newWay({ dev, hctl, transport }: Path): PathWay {
	const port = transport?.portal ?? transport?.target ?? null;
	if (port === null) return { id: hctl === null || hctl.includes("#") ? dev : hctl, port };
	return { id: `${transport?.initiator ?? ""} ${transport?.portal ?? ""} ${transport?.target ?? ""}`, port };
}
