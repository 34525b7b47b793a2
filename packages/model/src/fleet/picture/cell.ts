import type { LunState } from "../../verdict/states.ts";

/**
 * One byte says what a LUN is on a node: the lowest three bits its state (0: the node has nothing to do with it), and
 * beside it whether that may still change (`settling`) or is only what was last known (`stale`: the server has lost
 * the store). The highest three bits are the state that was last known on a node that is silent now (0: none). A byte
 * that nobody knows is `unknown`, never healthy.
 */
export interface Cell {
	/** Null: the node neither should carry the LUN nor holds a map of it. */
	readonly state: LunState | null;
	readonly settling: boolean;
	readonly stale: boolean;
	/** Where the node is silent: the state that was last known there; null: it tells, or nothing was known. */
	readonly last: LunState | null;
}

const codes: Readonly<Record<LunState, number>> = {
	optimal: 1,
	degraded: 2,
	failed: 3,
	missing: 4,
	unknown: 5,
	unmanaged: 6,
};
const stateBits = 0b111;
const settlingBit = 0b1000;
const staleBit = 0b1_0000;
const lastShift = 5;

const words: readonly (LunState | null)[] = [
	null,
	"optimal",
	"degraded",
	"failed",
	"missing",
	"unknown",
	"unmanaged",
];

export function packCell({ state, settling, stale, last }: Cell): number {
	if (state === null) return 0;
	const lastCode = last === null ? 0 : codes[last];
	return codes[state] | (settling ? settlingBit : 0) | (stale ? staleBit : 0) | (lastCode << lastShift);
}

export function unpackCell(byte: number): Cell {
	const word = words[byte & stateBits];
	const last = words[(byte >> lastShift) & stateBits];
	// Only of what is not known now is told what it was.
	const known = word !== undefined && (last === null || (last !== undefined && word === "unknown"));
	return {
		state: known ? word : "unknown",
		settling: (byte & settlingBit) !== 0,
		stale: (byte & staleBit) !== 0,
		last: known ? last : null,
	};
}
