import type { LunState, Picture } from "@pathkeeper/model";
import type { StoragesOfLuns } from "../../storage/storages-of-luns.ts";
import type { Layout } from "./layout.ts";
import type { MatrixColours } from "./look.ts";
import type { Sprites } from "./sprites.ts";

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
	/** What stands on each LUN. */
	readonly storages: StoragesOfLuns | null;
	/** How each node is, as it is shown. */
	readonly looks: readonly LunState[];
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

/** Codes of the states in a cell's byte. */
export const codes = { optimal: 1, degraded: 2, failed: 3, missing: 4, unknown: 5, unmanaged: 6 } as const;

/** The first column that is seen, and the one after the last. */
export function columnsSeen({ layout, picture, x, width }: Scene): readonly [number, number] {
	const first = Math.max(0, Math.floor(x / layout.cellWidth));
	const last = Math.ceil((x + width - layout.left) / layout.cellWidth);
	return [first, Math.min(picture.nodes.length, last)];
}
