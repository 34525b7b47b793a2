import { fromBase64, toBase64 } from "./base64.ts";
import type { Picture, PictureCounts, PictureLun, PictureNode } from "./picture.ts";

/**
 * What leads from one picture to the next of the same shape (the same nodes and LUNs in the same places). Where the
 * shape changed there is no delta: a snapshot is sent.
 */
export interface PictureDelta {
	/** The picture that it holds for; to any other it must not be applied. */
	readonly from: number;
	readonly rev: number;
	readonly problem: string | null;
	/** Row, column, byte. Empty when so many changed that `states` holds all of them. */
	readonly cells: readonly (readonly [row: number, column: number, byte: number])[];
	/** All bytes in base64; null when `cells` tells. */
	readonly states: string | null;
	/** Row, column, usable and expected paths; null when so many changed that they are to be asked for again. */
	readonly counts:
		| readonly (readonly [row: number, column: number, usable: number, expected: number])[]
		| null;
	/** Place and what stands there now. */
	readonly luns: readonly (readonly [row: number, lun: PictureLun])[];
	readonly nodes: readonly (readonly [column: number, node: PictureNode])[];
}

/** A picture as it travels. */
export interface PictureDocument {
	readonly rev: number;
	readonly problem: string | null;
	readonly nodes: readonly PictureNode[];
	readonly luns: readonly PictureLun[];
	/** Rows × columns bytes in base64. */
	readonly states: string;
	/** As `PictureCounts` in base64; there only when they were asked for. */
	readonly usable?: string;
	readonly expected?: string;
}

export function pictureDocument(picture: Picture, withCounts = false): PictureDocument {
	const { rev, problem, nodes, luns, counts } = picture;
	const document = { rev, problem, nodes, luns, states: toBase64(picture.states) };
	if (!withCounts || counts === null) return document;
	return { ...document, usable: toBase64(counts.usable), expected: toBase64(counts.expected) };
}

/** Null for a document whose bytes are not as many as its cells. */
export function readPicture(document: PictureDocument): Picture | null {
	const { rev, problem, nodes, luns } = document;
	const cells = nodes.length * luns.length;
	const states = fromBase64(document.states);
	if (states === null || states.length !== cells) return null;
	const usable = fromBase64(document.usable ?? "");
	const expected = fromBase64(document.expected ?? "");
	const counted = usable?.length === cells && expected?.length === cells;
	return { rev, problem, nodes, luns, states, counts: counted ? { usable, expected } : null };
}

/** A cell in a delta takes about as much text as ten packed ones. */
const cellsAsBytes = 10;

/** Null when the shape changed. */
export function deltaBetween(before: Picture, after: Picture): PictureDelta | null {
	if (!sameShape(before, after)) return null;
	const width = after.nodes.length;
	const most = Math.max(16, after.states.length / cellsAsBytes);
	const cells = changedCells(most, [before.states], [after.states]);
	const countsBefore = before.counts === null ? [] : [before.counts.usable, before.counts.expected];
	const countsAfter = after.counts === null ? [] : [after.counts.usable, after.counts.expected];
	const counts =
		countsBefore.length === countsAfter.length ? changedCells(most, countsBefore, countsAfter) : null;
	const place = (at: number) => [Math.floor(at / width), at % width] as const;
	return {
		from: before.rev,
		rev: after.rev,
		problem: after.problem,
		cells: (cells ?? []).map((at) => [...place(at), after.states[at] ?? 0]),
		states: cells === null ? toBase64(after.states) : null,
		counts: counts?.map((at) => [...place(at), countsAfter[0]?.[at] ?? 0, countsAfter[1]?.[at] ?? 0]) ?? null,
		luns: changed(before.luns, after.luns),
		nodes: changed(before.nodes, after.nodes),
	};
}

/** Places where any of the columns of bytes differs; null when there are more than `most`. */
function changedCells(
	most: number,
	before: readonly Uint8Array[],
	after: readonly Uint8Array[],
): number[] | null {
	const places: number[] = [];
	for (let at = 0; at < (after[0]?.length ?? 0); at++) {
		if (after.every((bytes, n) => bytes[at] === before[n]?.[at])) continue;
		places.push(at);
		if (places.length > most) return null;
	}
	return places;
}

/** Null when the delta belongs to another picture: ask for a snapshot. */
export function applyDelta(picture: Picture, delta: PictureDelta): Picture | null {
	if (delta.from !== picture.rev) return null;
	const states = delta.states === null ? picture.states.slice() : fromBase64(delta.states);
	if (states === null || states.length !== picture.states.length) return null;
	for (const [row, column, byte] of delta.cells) states[row * picture.nodes.length + column] = byte;
	return {
		rev: delta.rev,
		problem: delta.problem,
		nodes: replaced(picture.nodes, delta.nodes),
		luns: replaced(picture.luns, delta.luns),
		states,
		counts: countsAfter(picture, delta),
	};
}

function countsAfter({ counts, nodes }: Picture, delta: PictureDelta): PictureCounts | null {
	if (counts === null || delta.counts === null) return null;
	const [usable, expected] = [counts.usable.slice(), counts.expected.slice()];
	for (const [row, column, isUsable, isExpected] of delta.counts) {
		usable[row * nodes.length + column] = isUsable;
		expected[row * nodes.length + column] = isExpected;
	}
	return { usable, expected };
}

function sameShape(a: Picture, b: Picture): boolean {
	return (
		a.nodes.length === b.nodes.length &&
		a.luns.length === b.luns.length &&
		a.nodes.every(({ node }, at) => node === b.nodes[at]?.node) &&
		a.luns.every(({ wwid }, at) => wwid === b.luns[at]?.wwid)
	);
}

function changed<T extends object>(before: readonly T[], after: readonly T[]): (readonly [number, T])[] {
	return after.flatMap((item, at) => (item === before[at] ? [] : [[at, item] as const]));
}

function replaced<T>(items: readonly T[], changes: readonly (readonly [number, T])[]): readonly T[] {
	if (changes.length === 0) return items;
	const next = new Map(changes);
	return items.map((item, at) => next.get(at) ?? item);
}
