/** Draws what is to be seen of the matrix; the time it takes depends on the screen, not on the fleet. */
import { type Picture, sizeText } from "@pathkeeper/model";
import { nodeLook } from "../../nodes/node-look.ts";
import { nameOf, shown } from "../../ui/words.ts";
import { type Layout, type Line, lineAt } from "./layout.ts";
import type { MatrixColours } from "./look.ts";
import { drawShape, type Sprites } from "./sprites.ts";

export interface Place {
	/** Place of the LUN in the picture. */
	readonly lun: number;
	/** Place of the node as it is shown. */
	readonly column: number;
}

export interface Scene {
	readonly picture: Picture;
	readonly layout: Layout;
	/** Columns of the picture in the order in which they are shown. */
	readonly columns: readonly number[];
	readonly sprites: Sprites;
	readonly colours: MatrixColours;
	readonly isOld: boolean;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly ratio: number;
	readonly cursor: Place | null;
	readonly hover: Place | null;
}

const codes = { optimal: 1, degraded: 2, failed: 3, missing: 4, unknown: 5, unmanaged: 6 } as const;

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

function columnsSeen({ layout, picture, x, width }: Scene): readonly [number, number] {
	const first = Math.max(0, Math.floor(x / layout.cellWidth));
	const last = Math.ceil((x + width - layout.left) / layout.cellWidth);
	return [first, Math.min(picture.nodes.length, last)];
}

function paintCells(context: CanvasRenderingContext2D, scene: Scene, lines: readonly Line[]): void {
	const { picture, layout, sprites, columns, x, y, ratio, colours } = scene;
	const [first, last] = columnsSeen(scene);
	const { counts } = picture;
	const numbers = counts !== null && layout.cellWidth >= 44 && layout.cellHeight >= 18;
	const fontSize = Math.min(13, layout.cellHeight * 0.46) * ratio;
	context.font = `600 ${fontSize}px ${colours.font}`;
	context.textBaseline = "middle";
	context.textAlign = "left";
	context.fillStyle = colours.text;
	for (const line of lines) {
		if (line.lun < 0) continue;
		const top = Math.round((line.y - y) * ratio);
		for (let column = first; column < last; column++) {
			const at = line.lun * picture.nodes.length + (columns[column] ?? 0);
			const byte = picture.states[at] ?? 255;
			const leftEdge = Math.round((layout.left + column * layout.cellWidth - x) * ratio);
			const sprite = sprites.canvas[Math.min(byte, sprites.canvas.length - 1)];
			if (sprite !== undefined) context.drawImage(sprite, leftEdge, top);
			if (!numbers || (byte & 7) === 0) continue;
			const text = numbersOf(byte & 7, counts.usable[at] ?? 0, counts.expected[at] ?? 0);
			context.fillText(text, leftEdge + 26 * ratio, top + (layout.cellHeight / 2 + 0.5) * ratio);
		}
	}
}

function numbersOf(code: number, usable: number, expected: number): string {
	if (code === codes.missing) return "none";
	if (code === codes.unknown) return "–";
	return code === codes.unmanaged ? `${usable}` : `${usable}/${expected}`;
}

function paintPixels(
	context: CanvasRenderingContext2D,
	scene: Scene,
	lines: readonly Line[],
	sprites: readonly Uint32Array[],
): void {
	const { picture, layout, columns, x, y, ratio } = scene;
	const { width: w, height: h } = scene.sprites;
	const [first, last] = columnsSeen(scene);
	const across = (last - first) * w;
	if (across <= 0 || lines.length === 0) return;
	const left = Math.round((layout.left + first * layout.cellWidth - x) * ratio);
	// A stretch of lines without the head of a group is one block of pixels.
	for (const block of blocksOf(lines)) {
		const image = context.createImageData(across, block.length * h);
		const pixels = new Uint32Array(image.data.buffer);
		for (const [place, line] of block.entries()) {
			for (let column = first; column < last; column++) {
				const byte = picture.states[line.lun * picture.nodes.length + (columns[column] ?? 0)] ?? 255;
				const sprite = sprites[Math.min(byte, sprites.length - 1)];
				if (sprite === undefined) continue;
				let to = place * h * across + (column - first) * w;
				for (let row = 0, at = 0; row < h; row++, to += across)
					for (let step = 0; step < w; step++, at++) pixels[to + step] = sprite[at] ?? 0;
			}
		}
		context.putImageData(image, left, Math.round(((block[0]?.y ?? 0) - y) * ratio));
	}
}

function blocksOf(lines: readonly Line[]): readonly (readonly Line[])[] {
	const blocks: Line[][] = [];
	let open: Line[] | null = null;
	for (const line of lines) {
		if (line.lun < 0) open = null;
		else if (open === null) {
			open = [line];
			blocks.push(open);
		} else open.push(line);
	}
	return blocks;
}

function frame(
	context: CanvasRenderingContext2D,
	scene: Scene,
	place: Place | null,
	colour: string,
	thick: number,
) {
	const { layout, x, y } = scene;
	const line = place === null ? undefined : layout.lines.find(({ lun }) => lun === place.lun);
	if (line === undefined || place === null) return;
	context.strokeStyle = colour;
	context.lineWidth = thick;
	const left = layout.left + place.column * layout.cellWidth - x;
	context.strokeRect(
		left + 0.5,
		line.y - y + 0.5,
		Math.max(3, layout.cellWidth - 1),
		Math.max(3, layout.cellHeight - 1),
	);
}

function paintNames(context: CanvasRenderingContext2D, scene: Scene, lines: readonly Line[]): void {
	const { picture, layout, colours, y, isOld, height, width } = scene;
	context.fillStyle = colours.page;
	context.fillRect(0, 0, layout.left, height);
	context.textBaseline = "middle";
	const withNames = layout.left > 40;
	const fontSize = Math.min(13.5, Math.max(10.5, layout.cellHeight * 0.62));
	for (const line of lines) {
		const top = line.y - y;
		const middle = top + line.height / 2;
		if (line.lun < 0) {
			context.fillStyle = colours.page;
			context.fillRect(0, top, width, line.height);
			context.font = `600 12px ${colours.font}`;
			context.textAlign = "left";
			context.fillStyle = colours.quiet;
			context.fillText(line.label, 8, middle + 2);
			continue;
		}
		const lun = picture.luns[line.lun];
		if (lun === undefined) continue;
		const code = codes[lun.state];
		const colour = isOld ? colours.old : (colours.solid[code] ?? colours.old);
		if (!withNames) {
			if (code === 1) continue;
			context.fillStyle = colour;
			context.fillRect(2, top, code === 3 || code === 4 ? 9 : 5, Math.max(1, line.height - 1));
			continue;
		}
		drawShape(context, code, 13, middle, Math.min(13, layout.cellHeight * 0.7), colour);
		context.font = `${fontSize}px ${colours.font}`;
		const size = layout.left > 200 ? sizeText(lun.size) : "";
		context.textAlign = "right";
		context.fillStyle = colours.quiet;
		if (size !== "") context.fillText(size, layout.left - 10, middle + 0.5);
		context.textAlign = "left";
		context.fillStyle = colours.text;
		const room = layout.left - 26 - (size === "" ? 8 : 66);
		context.fillText(fitted(context, nameOf(lun), room), 25, middle + 0.5);
	}
}

function paintHeads(context: CanvasRenderingContext2D, scene: Scene): void {
	const { layout, colours, width } = scene;
	context.fillStyle = colours.page;
	context.fillRect(0, 0, width, layout.top);
	const [first, last] = columnsSeen(scene);
	context.save();
	context.textBaseline = "middle";
	context.textAlign = "left";
	context.beginPath();
	context.rect(layout.left, 0, width - layout.left, layout.top);
	context.clip();
	let free = 0;
	for (let column = first; column < last; column++) free = paintHead(context, scene, column, free);
	context.restore();
	context.strokeStyle = colours.line;
	context.lineWidth = 1;
	context.beginPath();
	context.moveTo(0, layout.top - 0.5);
	context.lineTo(width, layout.top - 0.5);
	context.stroke();
}

/** The name of a node with its mark; gives where the next name has room. */
function paintHead(context: CanvasRenderingContext2D, scene: Scene, column: number, free: number): number {
	const { picture, layout, columns, colours, x, isOld } = scene;
	const node = picture.nodes[columns[column] ?? -1];
	if (node === undefined) return free;
	const left = layout.left + column * layout.cellWidth - x;
	const code = codes[nodeLook(picture, columns[column] ?? 0, isOld)];
	const colour = isOld ? colours.old : (colours.solid[code] ?? colours.old);
	const name = shown(node.node);
	if (layout.heads === "flat") {
		context.font = `600 12px ${colours.font}`;
		const text = fitted(context, name, layout.cellWidth - 18);
		const wide = context.measureText(text).width + 14;
		const start = left + Math.max(1, (layout.cellWidth - wide) / 2);
		drawShape(context, code, start + 5, layout.top / 2, 10, colour);
		context.fillStyle = colours.text;
		context.fillText(text, start + 14, layout.top / 2 + 0.5);
		return free;
	}
	const isNamed = layout.heads !== "sparse" || (code !== codes.optimal && left >= free);
	if (!isNamed) {
		if (code === codes.optimal) return free;
		context.fillStyle = colour;
		context.fillRect(left, layout.top - 6, Math.max(1, layout.cellWidth - 1), 5);
		return free;
	}
	context.save();
	context.translate(left + layout.cellWidth / 2, layout.top - 4);
	context.rotate(layout.heads === "slanted" ? -Math.PI / 3.2 : -Math.PI / 2);
	drawShape(context, code, 5, 0, 9, colour);
	context.fillStyle = colours.text;
	context.font = `11px ${colours.font}`;
	context.fillText(fitted(context, name, layout.top - 16), 13, 0.5);
	context.restore();
	return left + 12;
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
	if (context.measureText(text).width <= room) return text;
	let [low, high] = [0, text.length];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
		else high = middle - 1;
	}
	return `${text.slice(0, low)}…`;
}
