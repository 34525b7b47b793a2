import type { LunState, Picture } from "@pathkeeper/model";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import type { MatrixColours } from "./colours.ts";
import type { Layout } from "./layout.ts";
import type { Sprites } from "./sprites.ts";

/** A cell of the matrix. */
export interface Cell {
	/** Index of the LUN in the picture. */
	readonly lun: number;
	/** Index of the node in the order that is shown. */
	readonly column: number;
}

export interface Scene {
	readonly picture: Picture;
	readonly layout: Layout;
	/** Columns of the picture in the order in which they are shown. */
	readonly columns: readonly number[];
	/** What uses each LUN. */
	readonly storages: StoragesOfLuns | null;
	/** The state of each node, in the order that is shown. */
	readonly nodeStates: readonly LunState[];
	readonly sprites: Sprites;
	readonly colours: MatrixColours;
	readonly isOld: boolean;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly ratio: number;
	readonly cursor: Cell | null;
	readonly hover: Cell | null;
}

/** Codes of the states in a cell's byte. */
export const codes = { optimal: 1, degraded: 2, failed: 3, missing: 4, unknown: 5, unmanaged: 6 } as const;

/** The first column that is seen, and the one after the last. */
export function columnsSeen({ layout, picture, x, width }: Scene): readonly [number, number] {
	const first = Math.max(0, Math.floor(x / layout.cellWidth));
	const last = Math.ceil((x + width - layout.left) / layout.cellWidth);
	return [first, Math.min(picture.nodes.length, last)];
}
