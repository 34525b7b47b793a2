import { Fragment, type ReactNode, useMemo, useState } from "react";
import { arranged, type Order } from "./arranged.ts";
import { counted } from "./counted.ts";
import { Button } from "./kit.ts";
import "./list.css";
import { Scroll } from "./panel.tsx";

export interface Column<Row> {
	/** Different in each column of a list. */
	readonly head: string;
	readonly cell: (row: Row) => ReactNode;
	/** `number`: right aligned; `tight`: on one line; `wide`: with space for a sentence. */
	readonly kind?: "number" | "tight" | "wide";
	/** Shown on hover. */
	readonly title?: (row: Row) => string;
	/** Ascending order, from the rows alone; without it the list cannot be sorted by this column. */
	readonly compare?: (a: Row, b: Row) => number;
}

export interface ListProps<Row> {
	/** Name of the table for screen readers. */
	readonly label: string;
	/** One row, as in "Show more of 2,000 LUNs". */
	readonly thing: string;
	readonly rows: readonly Row[];
	readonly keyOf: (row: Row) => string;
	readonly columns: readonly Column<Row>[];
	/** Buttons at the end of a row; null or absent: there is no such column. */
	readonly actions?: ((row: Row) => ReactNode) | null;
	/** Head of the column that sorts the rows at first; absent: their own order. */
	readonly sortedBy?: string;
	/** Only rows whose text contains the filter's text are shown. */
	readonly filter?: { readonly text: string; readonly textOf: (row: Row) => string };
	/** Shown instead of the table when there are no rows. */
	readonly empty?: ReactNode;
	/** How many rows are shown before more are asked for. */
	readonly first?: number;
	readonly className?: string;
	readonly rowClass?: string;
	/** Table rows under a row that belong to it. */
	readonly below?: (row: Row) => ReactNode;
}

const more = 400;

/** A table with sorting, a filter, buttons in its rows, and a button that shows more of them. */
export function List<Row>({
	sortedBy,
	empty = null,
	first = 100,
	thing,
	label,
	className = "",
	...list
}: ListProps<Row>) {
	const { rows, columns, filter } = list;
	const [shownRows, setShownRows] = useState(first);
	const [order, setOrder] = useState<Order>({ head: sortedBy ?? null, isDescending: false });
	const text = filter?.text ?? "";
	// What a column compares and the filter reads depends on the row alone.
	const found = useMemo(() => arranged(list, order), [rows, order, text]);
	if (rows.length === 0) return empty;
	return (
		<>
			<Scroll label={label}>
				<table className={`list ${className}`}>
					<thead>
						<tr>
							{columns.map((column) => (
								<Head key={column.head} column={column} order={order} onOrder={setOrder} />
							))}
							{list.actions ? (
								<th scope="col">
									<span className="sr-only">Actions</span>
								</th>
							) : null}
						</tr>
					</thead>
					<tbody>
						{found.slice(0, shownRows).map((row) => (
							<ListRow key={list.keyOf(row)} row={row} list={list} />
						))}
					</tbody>
				</table>
			</Scroll>
			{found.length > shownRows ? (
				<Button variant="subtle" m="xs" onClick={() => setShownRows(shownRows + more)}>
					Show more of {counted(found.length, thing)}
				</Button>
			) : null}
			{found.length === 0 ? <p className="hint">No {thing} matches the filter.</p> : null}
		</>
	);
}

function Head<Row>({
	column: { head, kind, compare },
	order,
	onOrder,
}: {
	readonly column: Column<Row>;
	readonly order: Order;
	readonly onOrder: (order: Order) => void;
}) {
	const className = kind === "number" ? "number" : "";
	if (compare === undefined)
		return (
			<th scope="col" className={className}>
				{head}
			</th>
		);
	const isChosen = order.head === head;
	const { isDescending } = order;
	return (
		<th
			scope="col"
			className={className}
			aria-sort={isChosen ? (isDescending ? "descending" : "ascending") : "none"}
		>
			<button type="button" onClick={() => onOrder({ head, isDescending: isChosen && !isDescending })}>
				{head} {isChosen ? (isDescending ? "↓" : "↑") : ""}
			</button>
		</th>
	);
}

function ListRow<Row>({
	row,
	list: { columns, actions, rowClass, below },
}: {
	readonly row: Row;
	readonly list: Pick<ListProps<Row>, "columns" | "actions" | "rowClass" | "below">;
}) {
	return (
		<Fragment>
			<tr className={rowClass}>
				{columns.map(({ head, cell, kind, title }) => (
					<td key={head} className={kind} title={title?.(row)}>
						{cell(row)}
					</td>
				))}
				{actions ? <td className="tight">{actions(row)}</td> : null}
			</tr>
			{below?.(row)}
		</Fragment>
	);
}
