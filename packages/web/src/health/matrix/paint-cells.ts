import type { Line } from "./layout.ts";
import { codes, columnsSeen, type Scene } from "./scene.ts";

/** Cells as pictures, with their numbers where there is room. */
export function paintCells(context: CanvasRenderingContext2D, scene: Scene, lines: readonly Line[]): void {
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

/** Cells of a few pixels each, copied as such. */
export function paintPixels(
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
