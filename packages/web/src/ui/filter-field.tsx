import { TextField } from "./fields.tsx";

/** So many rows are found at a glance. */
const few = 8;

/** Filters a list of `count` rows; not there while the list is short. */
export function FilterField({
	label,
	count,
	value,
	onChange,
}: {
	readonly label: string;
	readonly count: number;
	readonly value: string;
	readonly onChange: (text: string) => void;
}) {
	if (count <= few && value === "") return null;
	return <TextField size="xs" aria-label={label} placeholder="Filter" value={value} onChange={onChange} />;
}
