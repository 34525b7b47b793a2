/** The cursor that the keyboard moves from cell to cell. */
import { type Picture, unpackCell } from "@pathkeeper/model";
import { nameOf, shown } from "../../ui/shown.ts";
import type { Layout } from "./layout.ts";

/** Where a key leads from a cell; null for a key that leads nowhere. */
export function moved(
	key: string,
	from: {
		readonly at: number;
		readonly column: number;
		readonly rows: number;
		readonly columns: number;
		readonly page: number;
	},
): { readonly at: number; readonly column: number } | null {
	const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
	const { at, column, rows, columns, page } = from;
	const to = (nextAt: number, nextColumn: number) => ({
		at: clamp(nextAt, rows),
		column: clamp(nextColumn, columns),
	});
	switch (key) {
		case "ArrowDown":
			return to(at + 1, column);
		case "ArrowUp":
			return to(at - 1, column);
		case "ArrowRight":
			return to(at, column + 1);
		case "ArrowLeft":
			return to(at, column - 1);
		case "PageDown":
			return to(at + page, column);
		case "PageUp":
			return to(at - page, column);
		case "Home":
			return to(0, 0);
		case "End":
			return to(rows, column);
		default:
			return null;
	}
}

/** Scrolls so that a cell is seen; `x` and `y` as the layout has them. */
export function reveal(
	box: HTMLElement | null,
	y: number,
	x: number,
	layout: Layout,
	view: { readonly width: number; readonly height: number },
): void {
	if (box === null) return;
	if (y - layout.top < box.scrollTop) box.scrollTop = y - layout.top;
	if (y + layout.cellHeight > box.scrollTop + view.height)
		box.scrollTop = y + layout.cellHeight - view.height;
	if (x < box.scrollLeft) box.scrollLeft = x;
	const right = layout.left + x + layout.cellWidth;
	if (right > box.scrollLeft + view.width) box.scrollLeft = right - view.width;
}

/** A cell as text, for screen readers. */
export function readOut(picture: Picture, lun: number, column: number): string {
	const [row, node] = [picture.luns[lun], picture.nodes[column]];
	if (row === undefined || node === undefined) return "";
	const at = lun * picture.nodes.length + column;
	const { state, settling, stale, last } = unpackCell(picture.states[at] ?? 255);
	const { counts } = picture;
	const paths =
		state === null || counts === null ? "" : `, ${counts.usable[at]} of ${counts.expected[at]} paths usable`;
	const word = state === null ? "not on this node" : `${state}${paths}`;
	return `${nameOf(row)} on ${shown(node.node)}: ${word}${last === null ? "" : `, ${last} at the last report`}${settling ? ", settling" : ""}${stale ? ", last known" : ""}`;
}
