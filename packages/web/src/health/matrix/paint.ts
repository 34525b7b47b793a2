/** Draws what is to be seen of the matrix; the time it takes depends on the screen, not on the fleet. */
import { type Line, lineAt } from "./layout.ts";
import { paintCells, paintPixels } from "./paint-cells.ts";
import { paintHeads, paintNames } from "./paint-names.ts";
import type { Cell, Scene } from "./scene.ts";

export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, width, height, ratio, colours, y } = scene;
	context.setTransform(1, 0, 0, 1, 0, 0);
	context.fillStyle = colours.page;
	context.fillRect(0, 0, width * ratio, height * ratio);
	const from = lineAt(layout.lines, y + layout.top);
	const seen: Line[] = [];
	for (let at = from; at < layout.lines.length; at++) {
		const line = layout.lines[at];
		if (line === undefined || line.y > y + height) break;
		seen.push(line);
	}
	if (scene.sprites.pixels === null) paintCells(context, scene, seen);
	else paintPixels(context, scene, seen, scene.sprites.pixels);
	context.setTransform(ratio, 0, 0, ratio, 0, 0);
	frame(context, scene, scene.hover, colours.quiet, 1);
	frame(context, scene, scene.cursor, colours.cursor, 2.5);
	paintNames(context, scene, seen);
	paintHeads(context, scene);
}

function frame(
	context: CanvasRenderingContext2D,
	scene: Scene,
	cell: Cell | null,
	colour: string,
	thick: number,
) {
	const { layout, x, y } = scene;
	const line = cell === null ? undefined : layout.lines.find(({ lun }) => lun === cell.lun);
	if (line === undefined || cell === null) return;
	context.strokeStyle = colour;
	context.lineWidth = thick;
	const left = layout.left + cell.column * layout.cellWidth - x;
	context.strokeRect(
		left + 0.5,
		line.y - y + 0.5,
		Math.max(3, layout.cellWidth - 1),
		Math.max(3, layout.cellHeight - 1),
	);
}
