import { type MultipathMap, pathsOf } from "../topology/map.ts";
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
	/** Kernel names, joined by commas. */
	readonly devs: string;
}

const letters: Readonly<Record<PathState, string>> = {
	gone: "g",
	failed: "f",
	unknown: "?",
	impaired: "i",
	standby: "s",
	usable: "u",
};
const states = new Map(Object.entries(letters).map(([state, letter]) => [letter, state]));

/** The letter that stands for a state where 400,000 of them are kept. */
export function letterOf(state: PathState): string {
	return letters[state];
}

/** The word of a letter, for reading; `unknown` for one that stands for nothing. */
export function stateOfLetter(letter: string): string {
	return states.get(letter) ?? "unknown";
}

export const noPaths: PathRow = { ways: [], states: "", devs: "" };

export function pathRow(map: MultipathMap): PathRow {
	const paths = pathsOf(map).map(({ path }) => ({ path, way: wayOf(path) }));
	const met = new Map<string, number>();
	const rows = paths.map(({ path, way }) => {
		const before = met.get(way.id) ?? 0;
		met.set(way.id, before + 1);
		return { path, way: before === 0 ? way : { ...way, id: `${way.id} #${before + 1}` } };
	});
	rows.sort((a, b) => (a.way.id < b.way.id ? -1 : a.way.id > b.way.id ? 1 : 0));
	return {
		ways: rows.map(({ way }) => way),
		states: rows.map(({ path }) => letterOf(pathState(path))).join(""),
		devs: rows.map(({ path }) => path.dev.replaceAll(",", ".")).join(","),
	};
}

function wayOf({ dev, hctl, transport }: Path): PathWay {
	const port = transport?.portal ?? transport?.target ?? null;
	const ends = [transport?.initiator, transport?.portal, transport?.target];
	if (port !== null) return { id: ends.map((end) => end ?? "").join(" "), port };
	return { id: hctl === null || hctl.includes("#") ? dev : hctl, port: null };
}
