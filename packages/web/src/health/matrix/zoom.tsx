import { Icon } from "../../ui/icons.tsx";
import { steps, type Zoom } from "./layout.ts";

/** The next larger or smaller height of cells. */
export function zoomed(height: number, by: 1 | -1): Zoom {
	const next = by === 1 ? steps.find((step) => step > height) : steps.findLast((step) => step < height);
	return next ?? height;
}

/** Buttons that make cells larger and smaller, as the keys do. */
export function ZoomButtons({
	zoom,
	cellHeight,
	onZoom,
}: {
	readonly zoom: Zoom;
	readonly cellHeight: number;
	readonly onZoom: (zoom: Zoom) => void;
}) {
	return (
		<div className="zoom">
			<button
				type="button"
				aria-label="Larger cells"
				title="Larger cells (+)"
				onClick={() => onZoom(zoomed(cellHeight, 1))}
			>
				<Icon name="plus" size={15} />
			</button>
			<button
				type="button"
				aria-label="Smaller cells"
				title="Smaller cells (-)"
				onClick={() => onZoom(zoomed(cellHeight, -1))}
			>
				<Icon name="minus" size={15} />
			</button>
			<button
				type="button"
				aria-label="The whole fleet at once"
				aria-pressed={zoom === "all"}
				title="The whole fleet at once"
				onClick={() => onZoom(zoom === "all" ? "auto" : "all")}
			>
				<Icon name="fit" size={15} />
			</button>
		</div>
	);
}
