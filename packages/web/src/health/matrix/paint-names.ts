import { sizeText } from "@pathkeeper/model";
import { nameOf, shown } from "../../ui/shown.ts";
import type { Line } from "./layout.ts";
import { codes, columnsSeen, type Scene } from "./scene.ts";
import { drawShape } from "./sprites.ts";

/** Pixels; with less, only the hover card shows what uses a LUN. */
const leastForStorages = 30;

/** Names of the LUNs with what uses them, and heads of the groups, which stay on the left. */
export function paintNames(context: CanvasRenderingContext2D, scene: Scene, lines: readonly Line[]): void {
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
		const name = fitted(context, nameOf(lun), room);
		context.fillText(name, 25, middle + 0.5);
		const storages = scene.storages?.get(lun.wwid)?.map(shown).join(", ") ?? "";
		const left = context.measureText(name).width + 10;
		if (storages === "" || room - left < leastForStorages) continue;
		context.fillStyle = colours.quiet;
		context.fillText(fitted(context, storages, room - left), 25 + left, middle + 0.5);
	}
}

/** Names of the nodes, which stay on top. */
export function paintHeads(context: CanvasRenderingContext2D, scene: Scene): void {
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
	const { picture, layout, columns, nodeStates, colours, x, isOld } = scene;
	const node = picture.nodes[columns[column] ?? -1];
	if (node === undefined) return free;
	const left = layout.left + column * layout.cellWidth - x;
	const code = codes[nodeStates[column] ?? "unknown"];
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
