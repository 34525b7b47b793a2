import { SelectField } from "../ui/fields.tsx";
import { shown } from "../ui/shown.ts";

/** One of the nodes that can do something. */
export function NodeChoice({
	label,
	nodes,
	value,
	hasFocus = false,
	onChange,
}: {
	readonly label: string;
	readonly nodes: readonly string[];
	readonly value: string;
	readonly hasFocus?: boolean;
	readonly onChange: (node: string) => void;
}) {
	return (
		<SelectField
			label={label}
			value={value}
			hasFocus={hasFocus}
			onChange={onChange}
			data={nodes.map((node) => ({ value: node, label: shown(node) }))}
		/>
	);
}
