/** A small picture for every byte that a cell can have: shape and colour both show the state, at any size. */
import type { MatrixColours } from "./colours.ts";

export interface Sprites {
	/** By byte; the last one is for unknown bytes. */
	readonly canvas: readonly HTMLCanvasElement[];
	/** The same as pixels, where cells are so small that drawing pictures would be slow. */
	readonly pixels: readonly Uint32Array[] | null;
	readonly width: number;
	readonly height: number;
}

const known = 32;
/** Cells below this height in device pixels are copied as pixels. */
const smallPixels = 10;

/** `width` and `height` in device pixels; `shape`: how wide the part for the shape is, the rest is for numbers. */
export function makeSprites(
	width: number,
	height: number,
	shape: number,
	colours: MatrixColours,
	isOld: boolean,
): Sprites {
	const all = Array.from({ length: known + 1 }, (_, byte) =>
		draw(width, height, shape, byte === known ? 5 : byte, colours, isOld),
	);
	const asPixels = height < smallPixels || width < smallPixels;
	return {
		canvas: all.map(({ canvas }) => canvas),
		pixels: asPixels
			? all.map(
					({ context }) => new Uint32Array(context.getImageData(0, 0, width, height).data.buffer.slice(0)),
				)
			: null,
		width,
		height,
	};
}

function draw(
	width: number,
	height: number,
	shape: number,
	byte: number,
	colours: MatrixColours,
	allOld: boolean,
) {
	const canvas = document.createElement("canvas");
	canvas.width = width;
	canvas.height = height;
	const context = canvas.getContext("2d", { willReadFrequently: true });
	if (context === null) throw new Error("this browser cannot draw");
	const state = byte & 0b111;
	const isOld = allOld || (byte & 0b1_0000) !== 0;
	const settles = (byte & 0b1000) !== 0;
	const solid = isOld ? colours.old : (colours.solid[state] ?? colours.old);
	const soft = isOld ? colours.oldSoft : (colours.soft[state] ?? colours.oldSoft);
	context.fillStyle = colours.page;
	context.fillRect(0, 0, width, height);
	if (state === 0 || state === 7) {
		context.fillStyle = colours.line;
		if (height >= smallPixels) context.fillRect(Math.floor(width / 2) - 2, Math.floor(height / 2), 4, 1);
		return { canvas, context };
	}
	const gap = height > 4 && width > 4 ? 1 : 0;
	const box = { x: gap, y: gap, w: width - 2 * gap, h: height - 2 * gap };
	context.fillStyle = soft;
	if (height >= 16 && width >= 10) {
		context.beginPath();
		context.roundRect(box.x, box.y, box.w, box.h, Math.min(5, box.h / 4));
		context.fill();
		if (isOld || settles) stripes(context, box, solid);
		drawShape(
			context,
			state,
			box.x + Math.min(shape, box.w) / 2,
			box.y + box.h / 2,
			Math.min(box.h * 0.52, shape * 0.6, 22),
			solid,
		);
	} else {
		context.fillRect(box.x, box.y, box.w, box.h);
		drawSmall(context, state, box, solid);
	}
	return { canvas, context };
}

interface Box {
	readonly x: number;
	readonly y: number;
	readonly w: number;
	readonly h: number;
}

/** What may change in a moment, and what was only last known, is hatched. */
function stripes(context: CanvasRenderingContext2D, { x, y, w, h }: Box, colour: string): void {
	context.save();
	context.beginPath();
	context.rect(x, y, w, h);
	context.clip();
	context.strokeStyle = colour;
	context.globalAlpha = 0.28;
	context.lineWidth = 1.5;
	for (let from = x - h; from < x + w; from += 7) {
		context.beginPath();
		context.moveTo(from, y + h);
		context.lineTo(from + h, y);
		context.stroke();
	}
	context.restore();
}

/** The shapes of `StateMark`, around a middle. */
export function drawShape(
	context: CanvasRenderingContext2D,
	state: number,
	x: number,
	y: number,
	size: number,
	colour: string,
): void {
	const r = size / 2;
	context.fillStyle = colour;
	context.strokeStyle = colour;
	context.lineWidth = Math.max(1.2, size / 7);
	context.beginPath();
	switch (state) {
		case 1:
			context.arc(x, y, r * 0.72, 0, 2 * Math.PI);
			context.fill();
			return;
		case 2:
			context.moveTo(x, y - r * 0.95);
			context.lineTo(x + r * 1.05, y + r * 0.85);
			context.lineTo(x - r * 1.05, y + r * 0.85);
			context.closePath();
			context.fill();
			return;
		case 3:
			context.lineWidth = Math.max(1.6, size / 4);
			context.moveTo(x - r * 0.75, y - r * 0.75);
			context.lineTo(x + r * 0.75, y + r * 0.75);
			context.moveTo(x + r * 0.75, y - r * 0.75);
			context.lineTo(x - r * 0.75, y + r * 0.75);
			context.stroke();
			return;
		case 4:
			context.setLineDash([size / 5, size / 8]);
			context.strokeRect(x - r * 0.78, y - r * 0.78, r * 1.56, r * 1.56);
			context.setLineDash([]);
			return;
		case 6:
			context.arc(x, y, r * 0.36, 0, 2 * Math.PI);
			context.fill();
			return;
		default:
			context.moveTo(x, y - r);
			context.lineTo(x + r, y);
			context.lineTo(x, y + r);
			context.lineTo(x - r, y);
			context.closePath();
			context.stroke();
			context.fillRect(x - size / 14, y - r * 0.42, size / 7, r * 0.5);
			context.fillRect(x - size / 14, y + r * 0.26, size / 7, size / 7);
	}
}

/** A few pixels: how much of the cell is filled, and how, shows the state without its colour. */
function drawSmall(
	context: CanvasRenderingContext2D,
	state: number,
	{ x, y, w, h }: Box,
	colour: string,
): void {
	context.fillStyle = colour;
	switch (state) {
		case 1:
			return;
		case 2:
			context.fillRect(x, y + Math.ceil(h / 2), w, Math.floor(h / 2));
			return;
		case 3:
			context.fillRect(x, y, w, h);
			return;
		case 4:
			context.fillRect(x, y, w, 1);
			context.fillRect(x, y + h - 1, w, 1);
			context.fillRect(x, y, 1, h);
			context.fillRect(x + w - 1, y, 1, h);
			return;
		case 6:
			context.fillRect(x + Math.floor(w / 2), y + Math.floor(h / 2), 1, 1);
			return;
		default:
			for (let row = 0; row < h; row++)
				for (let column = row % 2; column < w; column += 2) context.fillRect(x + column, y + row, 1, 1);
	}
}
