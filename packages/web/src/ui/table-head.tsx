/** The heads of a table's columns; the one of its buttons, the last, is for screen readers only. */
export function TableHead({
	columns,
	hasActions = false,
}: {
	readonly columns: readonly string[];
	readonly hasActions?: boolean;
}) {
	return (
		<thead>
			<tr>
				{columns.map((column) => (
					<th key={column} scope="col">
						{column}
					</th>
				))}
				{hasActions ? (
					<th scope="col">
						<span className="sr-only">Actions</span>
					</th>
				) : null}
			</tr>
		</thead>
	);
}
