import type { Picture } from "@pathkeeper/model";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useState } from "react";
import { moved, reveal } from "./cursor.ts";
import type { Layout, Zoom } from "./layout.ts";
import type { Cell } from "./scene.ts";
import { zoomed } from "./zoom.tsx";

/** The cursor of the keyboard: arrows move it, Enter opens its LUN, plus and minus zoom. */
export function useCursor(
	box: RefObject<HTMLElement | null>,
	picture: Picture,
	{
		columns,
		layout,
		view,
		onZoom,
	}: {
		/** How many nodes there are. */
		readonly columns: number;
		readonly layout: Layout;
		readonly view: { readonly width: number; readonly height: number };
		readonly onZoom: (zoom: Zoom) => void;
	},
) {
	const navigate = useNavigate();
	const [cursor, setCursor] = useState<Cell | null>(null);
	const [isFocused, setFocused] = useState(false);
	const move = (to: { readonly at: number; readonly column: number }) => {
		// The first key only shows the cursor, in the first cell.
		const { at, column } = cursor === null ? { at: 0, column: 0 } : to;
		const line = layout.lines.filter(({ lun }) => lun >= 0)[at];
		if (line === undefined) return;
		setCursor({ lun: line.lun, column });
		reveal(box.current, line.y, column * layout.cellWidth, layout, view);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const luns = layout.lines.filter(({ lun }) => lun >= 0);
		const at = Math.max(
			0,
			luns.findIndex(({ lun }) => lun === cursor?.lun),
		);
		const page = Math.max(1, Math.floor(view.height / layout.cellHeight) - 2);
		const from = { at, column: cursor?.column ?? 0, rows: luns.length, columns, page };
		const to = moved(event.key, from);
		if (to !== null) {
			event.preventDefault();
			move(to);
		} else if (event.key === "Enter" && cursor !== null) {
			const wwid = picture.luns[cursor.lun]?.wwid;
			if (wwid !== undefined) void navigate({ to: "/luns/$wwid", params: { wwid } });
		} else if (event.key === "+" || event.key === "-")
			onZoom(zoomed(layout.cellHeight, event.key === "+" ? 1 : -1));
	};
	return {
		/** Null while the matrix does not have the focus. */
		cursor: isFocused ? cursor : null,
		keys: { onKeyDown, onFocus: () => setFocused(true), onBlur: () => setFocused(false) },
	};
}
