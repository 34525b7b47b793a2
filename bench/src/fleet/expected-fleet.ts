import { type LunState, type Picture, unpackCell } from "@pathkeeper/model";

/** WWIDs as `sanOf` gives them, counted from 0. */
export function wwidOf(lun: number): string {
	return `36001405${(lun + 1).toString(16).padStart(25, "0")}`;
}

/** A `multipath.cfg` that allows all of them. */
export function configOf(luns: number): string {
	return Array.from({ length: luns }, (_, lun) => `wwid: ${wwidOf(lun)}\n\talias lun-${lun}\n`).join("\n");
}

export interface FleetSize {
	readonly nodes: number;
	readonly luns: number;
}

/** True when every LUN is there on every node, in this state. */
export function isAll({ nodes, luns, states }: Picture, wanted: LunState, size: FleetSize): boolean {
	if (nodes.length !== size.nodes || luns.length !== size.luns) return false;
	return states.every((byte) => unpackCell(byte).state === wanted);
}

/** True when no node says any more that it is settling, which it does until its second calm look. */
export function isSettled({ states }: Picture): boolean {
	return states.every((byte) => !unpackCell(byte).settling);
}
