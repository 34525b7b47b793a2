import type { Picture } from "@pathkeeper/model";
import { type RefObject, useEffect, useMemo } from "react";
import { nodeState } from "../../nodes/node-state.ts";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import { useScheme } from "../../ui/kit.ts";
import { coloursOf } from "./colours.ts";
import type { Layout } from "./layout.ts";
import { paint } from "./paint.ts";
import type { Cell, Scene } from "./scene.ts";
import { makeSprites, type Sprites } from "./sprites.ts";

interface Painting {
	readonly picture: Picture;
	readonly layout: Layout;
	readonly columns: readonly number[];
	readonly storages: StoragesOfLuns | null;
	/** What is seen of it, in CSS pixels. */
	readonly view: { readonly width: number; readonly height: number };
	readonly isOld: boolean;
	readonly hover: Cell | null;
	readonly cursor: Cell | null;
}

/** Keeps a canvas true to what it shows and to how far its box is scrolled. */
export function usePainting(
	box: RefObject<HTMLElement | null>,
	canvas: RefObject<HTMLCanvasElement | null>,
	{ picture, layout, columns, storages, view, isOld, hover, cursor }: Painting,
): void {
	const scheme = useScheme("light");
	const ratio = globalThis.devicePixelRatio || 1;
	// Each state takes a whole column to find: not once a frame.
	const nodeStates = useMemo(
		() => columns.map((column) => nodeState(picture, column, isOld)),
		[picture, columns, isOld],
	);
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
				...{ picture, layout, columns, storages, sprites, colours, isOld, ratio, hover, nodeStates, ...size },
				cursor,
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
	}, [picture, layout, columns, storages, sprites, colours, view, ratio, cursor, hover, nodeStates, isOld]);
}
