import type { DaemonMap, DaemonPath } from "./state.ts";
import { knownWildcards, mapWildcards, pathWildcards, type Wildcard } from "./wildcards.ts";
import type { World } from "./world.ts";

/** A format string taken apart: text is copied, an unknown wildcard prints nothing. */
type Piece<T> = string | Wildcard<T>;

function piecesOf<T>(world: World, all: readonly Wildcard<T>[], format: string): readonly Piece<T>[] {
	const known = new Map(knownWildcards(world, all).map((wildcard) => [wildcard.letter, wildcard]));
	const pieces: Piece<T>[] = [];
	for (let at = 0; at < format.length; at++) {
		const character = format.charAt(at);
		if (character !== "%") {
			pieces.push(character);
			continue;
		}
		at++;
		const wildcard = known.get(format.charAt(at));
		if (wildcard !== undefined) pieces.push(wildcard);
	}
	return pieces;
}

function rawLine<T>(world: World, pieces: readonly Piece<T>[], thing: T): string {
	let line = "";
	for (const piece of pieces) line += typeof piece === "string" ? piece : piece.value(world, thing);
	return line;
}

/** Lines with every wildcard as wide as its widest value, the head counted too. */
function padded<T>(
	world: World,
	all: readonly Wildcard<T>[],
	format: string,
	things: readonly T[],
	heads: boolean,
) {
	const pieces = piecesOf(world, all, format);
	const rows = things.map((thing) =>
		pieces.map((piece) => (typeof piece === "string" ? piece : piece.value(world, thing))),
	);
	const head = pieces.map((piece) => (typeof piece === "string" ? piece : piece.head));
	const width = pieces.map((piece, column) =>
		typeof piece === "string"
			? 0
			: Math.max(heads ? (head[column] ?? "").length : 0, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const line = (cells: readonly string[]) =>
		cells.map((cell, column) => cell.padEnd(width[column] ?? 0)).join("");
	return [...(heads ? [head] : []), ...rows].map(line);
}

export function mapsRaw(world: World, maps: readonly DaemonMap[], format: string): string {
	const pieces = piecesOf(world, mapWildcards, format);
	return maps.map((map) => `${rawLine(world, pieces, map)}\n`).join("");
}

export function pathsRaw(world: World, paths: readonly DaemonPath[], format: string): string {
	const pieces = piecesOf(world, pathWildcards, format);
	return paths.map((path) => `${rawLine(world, pieces, path)}\n`).join("");
}

/** With heads; empty when there is nothing to list. */
export function mapsTable(world: World, maps: readonly DaemonMap[], format: string): string {
	if (maps.length === 0) return "";
	return `${padded(world, mapWildcards, format, maps, true).join("\n")}\n`;
}

export function pathsTable(world: World, paths: readonly DaemonPath[], format: string): string {
	if (paths.length === 0) return "";
	return `${padded(world, pathWildcards, format, paths, true).join("\n")}\n`;
}

/** Lines of paths as the topology shows them: padded, without heads. */
export function pathLines(world: World, paths: readonly DaemonPath[]): readonly string[] {
	return padded(world, pathWildcards, "%i %d %D %t %T %o", paths, false);
}
