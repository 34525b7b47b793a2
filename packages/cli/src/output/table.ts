import { stripVTControlCharacters } from "node:util";

export interface Column<Row> {
	readonly head: string;
	readonly cell: (row: Row) => string;
	readonly align?: "right";
}

/** Rows under their heads, columns two blanks apart, no lines; the last column is not padded. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
	const cells = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
	const widths = columns.map((_, n) => Math.max(...cells.map((line) => widthOf(line[n] ?? ""))));
	return cells
		.map((line) =>
			line
				.map((text, n) => pad(text, widths[n] ?? 0, columns[n]?.align, n === columns.length - 1))
				.join("  ")
				.trimEnd(),
		)
		.map((line) => `${line}\n`)
		.join("");
}

function pad(text: string, width: number, align: "right" | undefined, last: boolean): string {
	const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
	if (align === "right") return blanks + text;
	return last ? text : text + blanks;
}

/** Columns on a terminal; colour codes take none. */
function widthOf(text: string): number {
	return [...stripVTControlCharacters(text)].length;
}
