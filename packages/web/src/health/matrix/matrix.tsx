import type { Picture } from "@pathkeeper/model";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import { counted } from "../../ui/counted.ts";
import { headline } from "../headline.ts";
import type { Row } from "../rows.ts";
import { moved, readOut, reveal } from "./cursor.ts";
import { HoverCard } from "./hover-card.tsx";
import { layoutOf, lineAt, type Zoom } from "./layout.ts";
import type { Place } from "./scene.ts";
import { usePainting } from "./use-painting.ts";
import { useView } from "./use-view.ts";
import { ZoomButtons, zoomed } from "./zoom.tsx";

/**
 * Every LUN on every node on a canvas that is as large as the screen and no larger. Beside it stands the same in
 * words (`Troubles`); with the keyboard a cursor goes from cell to cell and is read out.
 */
export function Matrix({
	picture,
	rows,
	storages,
	isOld,
}: {
	readonly picture: Picture;
	readonly rows: readonly Row[];
	readonly storages: StoragesOfLuns | null;
	readonly isOld: boolean;
}) {
	const navigate = useNavigate();
	const box = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const view = useView(box);
	const [zoom, setZoom] = useState<Zoom>("auto");
	const [cursor, setCursor] = useState<Place | null>(null);
	const [hover, setHover] = useState<Place | null>(null);
	const [isFocused, setFocused] = useState(false);
	const columns = useMemo(() => columnsOf(picture.nodes), [picture.nodes]);
	const names = useMemo(() => columns.map((at) => picture.nodes[at]?.node ?? ""), [columns, picture.nodes]);
	const layout = useMemo(() => layoutOf(rows, names, view, zoom), [rows, names, view, zoom]);

	usePainting(box, canvas, {
		...{ picture, layout, columns, storages, view, isOld, hover },
		cursor: isFocused ? cursor : null,
	});

	const placeAt = (event: {
		readonly clientX: number;
		readonly clientY: number;
	}): { readonly lun: number; readonly column: number } => {
		const rect = box.current?.getBoundingClientRect();
		if (rect === undefined || box.current === null) return { lun: -1, column: -1 };
		const [x, y] = [event.clientX - rect.left, event.clientY - rect.top];
		const column =
			x < layout.left ? -1 : Math.floor((x - layout.left + box.current.scrollLeft) / layout.cellWidth);
		const line = y < layout.top ? undefined : layout.lines[lineAt(layout.lines, y + box.current.scrollTop)];
		return { lun: line?.lun ?? -1, column: column < names.length ? column : -1 };
	};
	const click = (event: MouseEvent) => {
		const { lun, column } = placeAt(event);
		const [wwid, node] = [picture.luns[lun]?.wwid, names[column]];
		if (wwid !== undefined) void navigate({ to: "/luns/$wwid", params: { wwid } });
		else if (node !== undefined) void navigate({ to: "/nodes/$node", params: { node } });
	};
	const move = (event: PointerEvent) => {
		const place = placeAt(event);
		const next = place.lun < 0 || place.column < 0 ? null : place;
		if (next?.lun !== hover?.lun || next?.column !== hover?.column) setHover(next);
	};
	const onKey = (event: KeyboardEvent) => {
		const luns = layout.lines.filter(({ lun }) => lun >= 0);
		const at = Math.max(
			0,
			luns.findIndex(({ lun }) => lun === cursor?.lun),
		);
		const column = cursor?.column ?? 0;
		const page = Math.max(1, Math.floor(view.height / layout.cellHeight) - 2);
		const to = moved(event.key, { at, column, rows: luns.length, columns: names.length, page });
		if (to !== null) {
			event.preventDefault();
			const line = luns[cursor === null ? 0 : to.at];
			if (line === undefined) return;
			setCursor({ lun: line.lun, column: cursor === null ? 0 : to.column });
			reveal(box.current, line.y, (cursor === null ? 0 : to.column) * layout.cellWidth, layout, view);
		} else if (event.key === "Enter" && cursor !== null) {
			const wwid = picture.luns[cursor.lun]?.wwid;
			if (wwid !== undefined) void navigate({ to: "/luns/$wwid", params: { wwid } });
		} else if (event.key === "+" || event.key === "-")
			setZoom(zoomed(layout.cellHeight, event.key === "+" ? 1 : -1));
	};
	const shownPlace = hover ?? (isFocused ? cursor : null);
	return (
		<>
			<div className="matrix-frame">
				<div
					ref={box}
					className="matrix"
					role="img"
					tabIndex={0}
					aria-label={`Matrix of ${counted(rows.length, "LUN")} on ${counted(names.length, "node")}. ${headline(picture).text} Arrow keys move a cursor, Enter opens the LUN.`}
					onPointerMove={move}
					onPointerLeave={() => setHover(null)}
					onClick={click}
					onKeyDown={onKey}
					onFocus={() => setFocused(true)}
					onBlur={() => setFocused(false)}
				>
					<div style={{ width: layout.width, height: layout.height }}>
						<canvas ref={canvas} style={{ width: view.width, height: view.height }} />
					</div>
				</div>
				<ZoomButtons zoom={zoom} cellHeight={layout.cellHeight} onZoom={setZoom} />
				{shownPlace === null ? null : (
					<HoverCard
						picture={picture}
						storages={storages}
						node={columns[shownPlace.column] ?? -1}
						place={shownPlace}
						layout={layout}
						box={box.current}
					/>
				)}
			</div>
			<p className="sr-only" aria-live="polite">
				{isFocused && cursor !== null ? readOut(picture, cursor.lun, columns[cursor.column] ?? -1) : ""}
			</p>
		</>
	);
}

/** Columns in the order in which people count: n2 before n10. */
function columnsOf(nodes: Picture["nodes"]): readonly number[] {
	const collator = new Intl.Collator("en", { numeric: true });
	return nodes
		.map((_, at) => at)
		.sort((a, b) => collator.compare(nodes[a]?.node ?? "", nodes[b]?.node ?? ""));
}
