import { Checkbox } from "../ui/kit.ts";
import { shown } from "../ui/words.ts";

/** Chooses nodes, as the comma-joined list that configurations have; the empty text stands for all of them. */
export function NodesChoice({
	legend,
	known,
	value,
	onChange,
}: {
	readonly legend: string;
	readonly known: readonly string[];
	readonly value: string;
	readonly onChange: (value: string) => void;
}) {
	const chosen = value.split(/[\s,;]+/).filter((name) => name !== "");
	const names = [...new Set([...known, ...chosen])];
	if (names.length === 0) return null;
	return (
		<fieldset className="nodes-choice">
			<legend>{legend}</legend>
			<div className="row-of">
				{names.map((name) => (
					<Checkbox
						key={name}
						size="xs"
						label={shown(name)}
						checked={chosen.includes(name)}
						onChange={(event) =>
							onChange(
								(event.currentTarget.checked
									? [...chosen, name]
									: chosen.filter((other) => other !== name)
								).join(","),
							)
						}
					/>
				))}
			</div>
		</fieldset>
	);
}
