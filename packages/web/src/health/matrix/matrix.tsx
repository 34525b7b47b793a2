import type { Picture } from "@pathkeeper/model";
import { useMemo, useRef, useState } from "react";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import { byName } from "../../ui/by-name.ts";
import { counted } from "../../ui/counted.ts";
import { headline } from "../headline.ts";
import type { Row } from "../rows.ts";
import { readOut } from "./cursor.ts";
import { HoverCard } from "./hover-card.tsx";
import { layoutOf, type Zoom } from "./layout.ts";
import { useCursor } from "./use-cursor.ts";
import { usePainting } from "./use-painting.ts";
import { usePointer } from "./use-pointer.ts";
import { useView } from "./use-view.ts";
import { ZoomButtons } from "./zoom.tsx";

/**
 * Every LUN on every node, on a canvas that is as large as the screen and no larger. The same is next to it as text
 * (`Troubles`); the keyboard moves a cursor from cell to cell, which is read out.
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
	const box = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const view = useView(box);
	const [zoom, setZoom] = useState<Zoom>("auto");
	const columns = useMemo(() => columnsOf(picture.nodes), [picture.nodes]);
	const names = useMemo(() => columns.map((at) => picture.nodes[at]?.node ?? ""), [columns, picture.nodes]);
	const layout = useMemo(() => layoutOf(rows, names, view, zoom), [rows, names, view, zoom]);
	const { hover, move, leave, click } = usePointer(box, picture, names, layout);
	const { cursor, keys } = useCursor(box, picture, { columns: names.length, layout, view, onZoom: setZoom });
	usePainting(box, canvas, { picture, layout, columns, storages, view, isOld, hover, cursor });
	const cell = hover ?? cursor;
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
					onPointerLeave={leave}
					onClick={click}
					onKeyDown={keys.onKeyDown}
					onFocus={keys.onFocus}
					onBlur={keys.onBlur}
				>
					<div style={{ width: layout.width, height: layout.height }}>
						<canvas ref={canvas} style={{ width: view.width, height: view.height }} />
					</div>
				</div>
				<ZoomButtons zoom={zoom} cellHeight={layout.cellHeight} onZoom={setZoom} />
				{cell === null ? null : (
					<HoverCard
						picture={picture}
						storages={storages}
						node={columns[cell.column] ?? -1}
						cell={cell}
						layout={layout}
						box={box.current}
					/>
				)}
			</div>
			<p className="sr-only" aria-live="polite">
				{cursor === null ? "" : readOut(picture, cursor.lun, columns[cursor.column] ?? -1)}
			</p>
		</>
	);
}

/** Indexes of the nodes in the order of their names. */
function columnsOf(nodes: Picture["nodes"]): readonly number[] {
	return nodes.map((_, at) => at).sort((a, b) => byName(nodes[a]?.node ?? "", nodes[b]?.node ?? ""));
}
