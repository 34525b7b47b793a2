import type { Picture } from "@pathkeeper/model";
import { useRef, useState } from "react";
import { type Choice, type Row, rowsOf } from "./rows.ts";

interface Kept {
	readonly choice: Choice;
	readonly luns: Picture["luns"];
	readonly names: readonly string[];
	readonly rows: readonly Row[];
}

/**
 * Rows in an order that holds until another is chosen, LUNs come or go, or the user sorts again. `isBehind`: another
 * order would be right by now.
 */
export function useRows(
	picture: Picture,
	choice: Choice,
): { readonly rows: readonly Row[]; readonly isBehind: boolean; readonly sortAgain: () => void } {
	const kept = useRef<Kept | null>(null);
	const [, again] = useState(0);
	const before = kept.current;
	if (before === null || before.choice !== choice || !sameLuns(before.names, picture)) {
		kept.current = keep(picture, choice);
	}
	const now = kept.current ?? keep(picture, choice);
	const isBehind = now.luns !== picture.luns && !sameOrder(now.rows, rowsOf(picture, choice));
	return {
		rows: now.rows,
		isBehind,
		sortAgain: () => {
			kept.current = keep(picture, choice);
			again((count) => count + 1);
		},
	};
}

function keep(picture: Picture, choice: Choice): Kept {
	return {
		choice,
		luns: picture.luns,
		names: picture.luns.map(({ wwid }) => wwid),
		rows: rowsOf(picture, choice),
	};
}

function sameLuns(names: readonly string[], { luns }: Picture): boolean {
	return names.length === luns.length && luns.every(({ wwid }, at) => wwid === names[at]);
}

function sameOrder(a: readonly Row[], b: readonly Row[]): boolean {
	return (
		a.length === b.length && a.every(({ lun, group }, at) => lun === b[at]?.lun && group === b[at]?.group)
	);
}
