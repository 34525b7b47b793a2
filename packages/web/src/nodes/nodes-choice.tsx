import { ChoiceBox } from "../ui/choice-box.tsx";
import { CheckField } from "../ui/fields.tsx";
import { shown } from "../ui/shown.ts";

/** Chooses nodes, as the comma-joined list that configurations contain; the empty text means all of them. */
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
	const toggle = (name: string, isOn: boolean) =>
		onChange((isOn ? [...chosen, name] : chosen.filter((other) => other !== name)).join(","));
	return (
		<ChoiceBox legend={legend}>
			{names.map((name) => (
				<CheckField
					key={name}
					size="xs"
					label={shown(name)}
					value={chosen.includes(name)}
					onChange={(isOn) => toggle(name, isOn)}
				/>
			))}
		</ChoiceBox>
	);
}
