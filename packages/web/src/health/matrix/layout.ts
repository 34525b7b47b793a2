/** Where everything of the matrix lies, in CSS pixels. */
import type { Row } from "../rows.ts";

export interface Line {
	/** Index of the LUN in the picture; -1: the head of a group. */
	readonly lun: number;
	readonly y: number;
	readonly height: number;
	/** Of a group's head. */
	readonly label: string;
}

export interface Layout {
	readonly cellWidth: number;
	readonly cellHeight: number;
	/** Room for names on the left, and on top. */
	readonly left: number;
	readonly top: number;
	/** `sparse`: only nodes in trouble are named. */
	readonly heads: "flat" | "slanted" | "upright" | "sparse";
	readonly lines: readonly Line[];
	/** Of everything, with the room for names. */
	readonly width: number;
	readonly height: number;
}

export type Zoom = "auto" | "all" | number;

/** Heights of cells that zooming goes through. */
export const steps = [3, 4, 6, 8, 11, 14, 18, 24, 30, 38] as const;
const groupHeight = 24;
const nameableHeight = 12;
/** Width of a cell, of which none needs more. */
const widest = 84;

export function layoutOf(
	rows: readonly Row[],
	nodes: readonly string[],
	view: { readonly width: number; readonly height: number },
	zoom: Zoom,
): Layout {
	const columns = Math.max(1, nodes.length);
	const cellHeight = heightOf(rows.length, columns, view, zoom);
	const left = cellHeight < nameableHeight ? 14 : roomForNames(view.width, columns);
	const room = Math.max(60, view.width - left - 12);
	const cellWidth = widthOf(cellHeight, Math.floor(room / columns), zoom);
	const longest = Math.max(0, ...nodes.map((name) => name.length));
	const heads = headsFor(cellWidth, longest);
	const top = heads === "flat" ? 30 : Math.min(104, 26 + longest * (heads === "slanted" ? 5.4 : 6.4));
	const lines = linesOf(rows, cellHeight, top);
	const last = lines.at(-1);
	return {
		cellWidth,
		cellHeight,
		left,
		top,
		heads,
		lines,
		width: left + columns * cellWidth + (heads === "slanted" ? 60 : 8),
		height: (last === undefined ? top : last.y + last.height) + 4,
	};
}

/** A third of the view at most; more where the nodes leave room. */
function roomForNames(width: number, columns: number): number {
	if (width < 600) return Math.min(132, Math.max(110, width * 0.3));
	const least = Math.min(250, width * 0.3);
	return clamp(width - 12 - columns * widest, least, 320);
}

function headsFor(cellWidth: number, longest: number): Layout["heads"] {
	if (cellWidth >= Math.min(longest, 12) * 7.2 + 22) return "flat";
	if (cellWidth >= 20) return "slanted";
	return cellWidth >= 12 ? "upright" : "sparse";
}

function heightOf(rows: number, columns: number, view: { readonly height: number }, zoom: Zoom): number {
	if (typeof zoom === "number") return zoom;
	const room = Math.max(100, view.height - 110);
	if (zoom === "all") return clamp(Math.floor(room / Math.max(1, rows)), 2, 30);
	if (rows <= 40 && columns <= 24) return clamp(Math.floor(room / Math.max(1, rows)), 24, 34);
	return rows <= 150 ? 20 : 16;
}

/** Wide cells hold numbers; none is wider than it has to be. */
function widthOf(cellHeight: number, fitting: number, zoom: Zoom): number {
	if (zoom === "all") return clamp(fitting, 2, widest);
	if (cellHeight >= 24) return clamp(fitting, 56, widest);
	if (cellHeight >= nameableHeight) return clamp(fitting, 5, 56);
	return clamp(Math.min(fitting, cellHeight * 3), cellHeight, 40);
}

function linesOf(rows: readonly Row[], height: number, top: number): Line[] {
	const lines: Line[] = [];
	let y = top;
	let group = "";
	for (const row of rows) {
		if (row.group !== group) {
			group = row.group;
			lines.push({ lun: -1, y, height: groupHeight, label: group });
			y += groupHeight;
		}
		lines.push({ lun: row.lun, y, height, label: "" });
		y += height;
	}
	return lines;
}

/** Index of the first line that reaches below `y`. */
export function lineAt(lines: readonly Line[], y: number): number {
	let [low, high] = [0, lines.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		const line = lines[middle];
		if (line !== undefined && line.y + line.height <= y) low = middle + 1;
		else high = middle;
	}
	return low;
}

function clamp(value: number, least: number, most: number): number {
	return Math.max(least, Math.min(most, value));
}
