import { stripVTControlCharacters } from "node:util";

export interface Column<Row> {
	readonly head: string;
	readonly cell: (row: Row) => string;
	readonly align?: "right";
	/** Where the table is too wide, columns with a number go, the lowest first; without one they stay. */
	readonly drop?: number;
}

/** Rows under their heads, columns two blanks apart, no lines; the last column is not padded. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
	return print(columns, cellsOf(columns, rows));
}

/** The same without the columns that do not fit into `width`, and the heads of those. */
export function fittedTable<Row>(
	columns: readonly Column<Row>[],
	rows: readonly Row[],
	width: number,
): { readonly text: string; readonly hidden: readonly string[] } {
	let kept = columns;
	let cells = cellsOf(kept, rows);
	while (widthOfTable(cells) > width) {
		const [first] = kept
			.filter(({ drop }) => drop !== undefined)
			.toSorted((a, b) => (a.drop ?? 0) - (b.drop ?? 0));
		if (first === undefined) break;
		kept = kept.filter((column) => column !== first);
		cells = cellsOf(kept, rows);
	}
	const hidden = columns.filter((column) => !kept.includes(column)).map(({ head }) => head.trim());
	return { text: print(kept, cells), hidden };
}

type Cells = readonly (readonly string[])[];

function cellsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Cells {
	return [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
}

function widthsOf(cells: Cells): number[] {
	const [heads = []] = cells;
	return heads.map((_, n) => cells.reduce((widest, line) => Math.max(widest, widthOf(line[n] ?? "")), 0));
}

function widthOfTable(cells: Cells): number {
	const widths = widthsOf(cells);
	return widths.reduce((sum, width) => sum + width, 2 * Math.max(0, widths.length - 1));
}

function print<Row>(columns: readonly Column<Row>[], cells: Cells): string {
	const widths = widthsOf(cells);
	return cells
		.map((line) => {
			const padded = line.map((text, n) =>
				pad(text, widths[n] ?? 0, columns[n]?.align, n === columns.length - 1),
			);
			return `${padded.join("  ").trimEnd()}\n`;
		})
		.join("");
}

function pad(text: string, width: number, align: "right" | undefined, last: boolean): string {
	const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
	if (align === "right") return blanks + text;
	return last ? text : text + blanks;
}

/** Columns on a terminal; colour codes take none. */
export function widthOf(text: string): number {
	return [...stripVTControlCharacters(text)].length;
}
