/** The column that rows are in the order of, and which way. */
export interface Order {
	/** Head of the column; null: the rows' own order. */
	readonly head: string | null;
	readonly isDescending: boolean;
}

interface Arrangeable<Row> {
	readonly rows: readonly Row[];
	readonly columns: readonly {
		readonly head: string;
		readonly compare?: (a: Row, b: Row) => number;
	}[];
	readonly filter?: { readonly text: string; readonly textOf: (row: Row) => string };
}

/** The rows that contain the filter's text, in any case, in the chosen order. */
export function arranged<Row>(
	{ rows, columns, filter }: Arrangeable<Row>,
	{ head, isDescending }: Order,
): readonly Row[] {
	const words = filter?.text.trim().toLowerCase() ?? "";
	const found =
		filter === undefined || words === ""
			? rows
			: rows.filter((row) => filter.textOf(row).toLowerCase().includes(words));
	const compare = columns.find((column) => column.head === head)?.compare;
	if (compare === undefined) return found;
	return found.toSorted(isDescending ? (a, b) => compare(b, a) : compare);
}
