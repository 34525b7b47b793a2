import { type Picture, unpackCell } from "@pathkeeper/model";
import { useNavigate } from "@tanstack/react-router";
import {
	type KeyboardEvent,
	type MouseEvent,
	type PointerEvent,
	useEffect,
	useMemo,
	useRef,
	useState,
} from "react";
import { Icon } from "../../ui/icons.tsx";
import { useScheme } from "../../ui/kit.ts";
import { counted, nameOf, shown } from "../../ui/words.ts";
import { headline } from "../headline.ts";
import type { Row } from "../rows.ts";
import { HoverCard } from "./hover-card.tsx";
import { layoutOf, lineAt, steps, type Zoom } from "./layout.ts";
import { coloursOf } from "./look.ts";
import { type Place, paint, type Scene } from "./paint.ts";
import { makeSprites, type Sprites } from "./sprites.ts";
import { useView } from "./use-view.ts";

/**
 * Every LUN on every node on a canvas that is as large as the screen and no larger. Beside it stands the same in
 * words (`Troubles`); with the keyboard a cursor goes from cell to cell and is read out.
 */
export function Matrix({
	picture,
	rows,
	isOld,
}: {
	readonly picture: Picture;
	readonly rows: readonly Row[];
	readonly isOld: boolean;
}) {
	const navigate = useNavigate();
	const box = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const view = useView(box);
	const scheme = useScheme("light");
	const [zoom, setZoom] = useState<Zoom>("auto");
	const [cursor, setCursor] = useState<Place | null>(null);
	const [hover, setHover] = useState<Place | null>(null);
	const [isFocused, setFocused] = useState(false);
	const columns = useMemo(() => columnsOf(picture.nodes), [picture.nodes]);
	const names = useMemo(() => columns.map((at) => picture.nodes[at]?.node ?? ""), [columns, picture.nodes]);
	const layout = useMemo(() => layoutOf(rows, names, view, zoom), [rows, names, view, zoom]);
	const ratio = globalThis.devicePixelRatio || 1;

	const colours = useMemo(
		() => (box.current === null || view.width === 0 ? null : coloursOf(box.current)),
		[scheme, view.width],
	);
	const sprites = useMemo((): Sprites | null => {
		if (colours === null) return null;
		const [width, height] = [
			Math.max(1, Math.round(layout.cellWidth * ratio)),
			Math.max(1, Math.round(layout.cellHeight * ratio)),
		];
		const hasNumbers = layout.cellWidth >= 44 && layout.cellHeight >= 18;
		return makeSprites(width, height, hasNumbers ? 26 * ratio : width, colours, isOld);
	}, [colours, layout.cellWidth, layout.cellHeight, ratio, isOld]);

	useEffect(() => {
		const [to, from] = [canvas.current, box.current];
		const context = to?.getContext("2d", { alpha: false }) ?? null;
		if (to === null || from === null || context === null || sprites === null || colours === null) return;
		const size = { width: view.width, height: view.height };
		to.width = Math.round(size.width * ratio);
		to.height = Math.round(size.height * ratio);
		let asked = 0;
		const draw = () => {
			asked = 0;
			const scene: Scene = {
				...{ picture, layout, columns, sprites, colours, isOld, ratio, hover, ...size },
				cursor: isFocused ? cursor : null,
				x: from.scrollLeft,
				y: from.scrollTop,
			};
			paint(context, scene);
		};
		const soon = () => {
			asked ||= requestAnimationFrame(draw);
		};
		draw();
		from.addEventListener("scroll", soon, { passive: true });
		return () => {
			from.removeEventListener("scroll", soon);
			cancelAnimationFrame(asked);
		};
	}, [picture, layout, columns, sprites, colours, view, ratio, cursor, hover, isFocused, isOld]);

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
				<div className="zoom">
					<button
						type="button"
						aria-label="Larger cells"
						title="Larger cells (+)"
						onClick={() => setZoom(zoomed(layout.cellHeight, 1))}
					>
						<Icon name="plus" size={15} />
					</button>
					<button
						type="button"
						aria-label="Smaller cells"
						title="Smaller cells (-)"
						onClick={() => setZoom(zoomed(layout.cellHeight, -1))}
					>
						<Icon name="minus" size={15} />
					</button>
					<button
						type="button"
						aria-label="The whole fleet at once"
						aria-pressed={zoom === "all"}
						title="The whole fleet at once"
						onClick={() => setZoom(zoom === "all" ? "auto" : "all")}
					>
						<Icon name="fit" size={15} />
					</button>
				</div>
				{shownPlace === null ? null : (
					<HoverCard
						picture={picture}
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

function zoomed(height: number, by: 1 | -1): Zoom {
	const next = by === 1 ? steps.find((step) => step > height) : steps.findLast((step) => step < height);
	return next ?? height;
}

function moved(
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

function reveal(
	box: HTMLElement | null,
	y: number,
	x: number,
	layout: {
		readonly top: number;
		readonly left: number;
		readonly cellHeight: number;
		readonly cellWidth: number;
	},
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

function readOut(picture: Picture, lun: number, column: number): string {
	const [row, node] = [picture.luns[lun], picture.nodes[column]];
	if (row === undefined || node === undefined) return "";
	const at = lun * picture.nodes.length + column;
	const { state, settling, stale } = unpackCell(picture.states[at] ?? 255);
	const { counts } = picture;
	const paths =
		state === null || counts === null ? "" : `, ${counts.usable[at]} of ${counts.expected[at]} paths usable`;
	const word = state === null ? "has nothing to do with this node" : `${state}${paths}`;
	return `${nameOf(row)} on ${shown(node.node)}: ${word}${settling ? ", settling" : ""}${stale ? ", last known" : ""}`;
}
