import type { Picture } from "@pathkeeper/model";
import { useNavigate } from "@tanstack/react-router";
import { type MouseEvent, type PointerEvent, type RefObject, useState } from "react";
import { type Layout, lineAt } from "./layout.ts";
import type { Cell } from "./scene.ts";

/** What the pointer does on the matrix: the cell that it is over, and where a click leads. */
export function usePointer(
	box: RefObject<HTMLElement | null>,
	picture: Picture,
	/** Names of the nodes in the order that is shown. */
	names: readonly string[],
	layout: Layout,
) {
	const navigate = useNavigate();
	const [hover, setHover] = useState<Cell | null>(null);
	return {
		hover,
		move: (event: PointerEvent) => {
			const cell = cellAt(event, box.current, names.length, layout);
			const next = cell.lun < 0 || cell.column < 0 ? null : cell;
			if (next?.lun !== hover?.lun || next?.column !== hover?.column) setHover(next);
		},
		leave: () => setHover(null),
		click: (event: MouseEvent) => {
			const { lun, column } = cellAt(event, box.current, names.length, layout);
			const [wwid, node] = [picture.luns[lun]?.wwid, names[column]];
			if (wwid !== undefined) void navigate({ to: "/luns/$wwid", params: { wwid } });
			else if (node !== undefined) void navigate({ to: "/nodes/$node", params: { node } });
		},
	};
}

/** The cell at a point of the screen; -1 for a LUN or column outside of the cells. */
function cellAt(
	{ clientX, clientY }: { readonly clientX: number; readonly clientY: number },
	box: HTMLElement | null,
	columns: number,
	layout: Layout,
): Cell {
	if (box === null) return { lun: -1, column: -1 };
	const { left, top } = box.getBoundingClientRect();
	const [x, y] = [clientX - left, clientY - top];
	const column = x < layout.left ? -1 : Math.floor((x - layout.left + box.scrollLeft) / layout.cellWidth);
	const line = y < layout.top ? undefined : layout.lines[lineAt(layout.lines, y + box.scrollTop)];
	return { lun: line?.lun ?? -1, column: column < columns ? column : -1 };
}
