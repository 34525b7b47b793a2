import { NativeSelect } from "../ui/kit.ts";
import { shown } from "../ui/words.ts";

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
		<NativeSelect
			label={label}
			value={value}
			{...(hasFocus ? { "data-autofocus": true } : {})}
			onChange={(event) => onChange(event.currentTarget.value)}
			data={nodes.map((node) => ({ value: node, label: shown(node) }))}
		/>
	);
}
