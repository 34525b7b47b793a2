import type { LunState } from "../../verdict/states.ts";
import { openFindings } from "../acknowledgements.ts";
import type { JudgedFleet, Judgement } from "../judged-fleet.ts";
import type { LunStatus } from "../lun-status.ts";
import type { NodeFacts } from "../node-facts.ts";
import { silenceOf } from "../silent-since.ts";
import { packCell } from "./cell.ts";

/**
 * What a screen draws of a whole fleet at one moment: nodes as columns, LUNs as rows, a byte for each cell. Reasons
 * and paths are not in it; they are asked for where somebody looks closer.
 */
export interface Picture {
	/** Grows with every change; of the next run of the server it says nothing. */
	readonly rev: number;
	/** Why what is shown is only what was last known, in words; null: it is as the store has it. */
	readonly problem: string | null;
	readonly nodes: readonly PictureNode[];
	readonly luns: readonly PictureLun[];
	/** Row by row, as `packCell`. */
	readonly states: Uint8Array;
	/** For cells that are drawn with numbers; null where they are not known, and then to be asked for. */
	readonly counts: PictureCounts | null;
}

/** Paths of each cell, row by row; 255 stands for as many and more. */
export interface PictureCounts {
	readonly usable: Uint8Array;
	readonly expected: Uint8Array;
}

/** The column of a node. */
export interface PictureNode {
	readonly node: string;
	readonly online: 0 | 1;
	readonly simulated: 0 | 1;
	readonly settling: 0 | 1;
	/** `running`, `silent`, …; `unknown` where nothing is reported. */
	readonly multipathd: string;
	/** `applied`, `pending`, `failed`; `unknown` where nothing is reported. */
	readonly applied: string;
	/** What is wrong with the node as a whole, in words; null: nothing that it tells. */
	readonly problem: string | null;
	/** Its findings by severity, without those that somebody acknowledged. */
	readonly errors: number;
	readonly warnings: number;
}

/** The row of a LUN. */
export interface PictureLun {
	readonly wwid: string;
	readonly alias: string | null;
	/** Bytes. */
	readonly size: number | null;
	readonly vendor: string | null;
	readonly model: string | null;
	readonly state: LunState;
	/** There where nodes see different sizes. */
	readonly conflict?: 1;
}

/** A fleet of which nothing is known yet. */
export const emptyPicture: Picture = {
	rev: 0,
	problem: null,
	nodes: [],
	luns: [],
	states: new Uint8Array(),
	counts: { usable: new Uint8Array(), expected: new Uint8Array() },
};

/** The next picture after a judgement; the one before itself when nothing in it differs. */
export function nextPicture(
	before: Picture,
	fleet: JudgedFleet,
	{ judged, reshaped }: Judgement,
	problem: string | null,
): Picture {
	const nodes = columns(fleet, before);
	const luns = fleet.luns;
	const sameColumns =
		before.nodes.length === nodes.length &&
		nodes.every(({ node, settling }, at) => {
			const former = before.nodes[at];
			return former?.node === node && former.settling === settling;
		});
	const anew = reshaped || !sameColumns || before.problem !== problem || before.luns.length !== luns.length;
	const cells = anew ? blankCells(luns.length * nodes.length) : copiedCells(before);
	for (const [row, lun] of luns.entries()) {
		if (!anew && !judged.has(lun.wwid)) continue;
		for (const [column, { node, settling }] of nodes.entries()) {
			const here = lun.nodes.get(node);
			const at = row * nodes.length + column;
			cells.states[at] = packCell({
				state: here?.state ?? null,
				settling: settling === 1,
				stale: problem !== null,
				last: here?.last ?? null,
			});
			cells.counts.usable[at] = Math.min(255, here?.usable ?? 0);
			cells.counts.expected[at] = Math.min(255, here?.expected ?? 0);
		}
	}
	const rows = luns.map((lun, row) => {
		const former = before.luns[row];
		return former !== undefined && !judged.has(lun.wwid) && former.wwid === lun.wwid
			? former
			: sameOr(former, rowOf(lun));
	});
	const next = { rev: before.rev + 1, problem, nodes, luns: rows, ...cells };
	return samePicture(before, next) ? before : next;
}

function blankCells(count: number) {
	const bytes = () => new Uint8Array(count);
	return { states: bytes(), counts: { usable: bytes(), expected: bytes() } };
}

function copiedCells({ states, counts }: Picture) {
	const copy = (bytes: Uint8Array | undefined) => bytes?.slice() ?? new Uint8Array(states.length);
	return {
		states: states.slice(),
		counts: { usable: copy(counts?.usable), expected: copy(counts?.expected) },
	};
}

/** Nodes by name, then those that a LUN is meant for and of which no agent ever reported. */
function columns(fleet: JudgedFleet, before: Picture): PictureNode[] {
	const all = [...fleet.nodes.map(columnOf), ...fleet.absentNodes.map(neverJoined)];
	return all.map((column, at) => sameOr(before.nodes[at], column));
}

function columnOf({ node, online, head, problem, silentSince }: NodeFacts): PictureNode {
	const trouble = online
		? (problem ?? head?.multipathd.problem ?? head?.applied.error ?? null)
		: silenceOf(silentSince);
	return {
		node,
		online: online ? 1 : 0,
		simulated: head?.simulated === true ? 1 : 0,
		settling: head?.settling === true ? 1 : 0,
		multipathd: online ? (head?.multipathd.state ?? "unknown") : "unknown",
		applied: online ? (head?.applied.state ?? "unknown") : "unknown",
		problem: trouble,
		errors: openFindings(head?.findings ?? [], "error"),
		warnings: openFindings(head?.findings ?? [], "warning"),
	};
}

function neverJoined(node: string): PictureNode {
	return {
		node,
		online: 0,
		simulated: 0,
		settling: 0,
		multipathd: "unknown",
		applied: "unknown",
		problem: "no agent of that name has ever reported",
		errors: 0,
		warnings: 0,
	};
}

function rowOf({ wwid, alias, sizeBytes, vendor, product, state, conflict }: LunStatus): PictureLun {
	const row = { wwid, alias, size: sizeBytes, vendor, model: product, state };
	return conflict === null ? row : { ...row, conflict: 1 };
}

function samePicture(a: Picture, b: Picture): boolean {
	return (
		a.problem === b.problem &&
		sameItems(a.nodes, b.nodes) &&
		sameItems(a.luns, b.luns) &&
		sameBytes(a.states, b.states) &&
		a.counts !== null &&
		b.counts !== null &&
		sameBytes(a.counts.usable, b.counts.usable) &&
		sameBytes(a.counts.expected, b.counts.expected)
	);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
	return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** The former one when it says the same, so that what did not change stays the same object. */
function sameOr<T extends object>(former: T | undefined, now: T): T {
	return former !== undefined && JSON.stringify(former) === JSON.stringify(now) ? former : now;
}
