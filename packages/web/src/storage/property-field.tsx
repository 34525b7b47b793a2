import type { StorageProperty } from "@pathkeeper/model";
import { CheckField, SelectField, TextField } from "../ui/fields.tsx";

/** Flags that are on unless they are set to off. */
const onByDefault = new Set(["mkdir"]);

/** One property of a storage, with what it means. */
export function PropertyField({
	name,
	property,
	isNeeded,
	value,
	error,
	onChange,
}: {
	readonly name: string;
	readonly property: StorageProperty;
	readonly isNeeded: boolean;
	/** Empty: not set. */
	readonly value: string;
	readonly error: string | undefined;
	readonly onChange: (value: string) => void;
}) {
	const common = {
		label: <code>{name}</code>,
		description: property.description,
		...(error === undefined ? {} : { error }),
	};
	if (property.kind === "flag") {
		const isOn = onByDefault.has(name);
		return (
			<CheckField
				{...common}
				value={isOn ? value !== "0" : value === "1"}
				onChange={(checked) => onChange(checked === isOn ? "" : isOn ? "0" : "1")}
			/>
		);
	}
	if (property.oneOf !== undefined)
		return (
			<SelectField
				{...common}
				value={value}
				onChange={onChange}
				data={[
					{ value: "", label: "not set" },
					...property.oneOf.map((word) => ({ value: word, label: word })),
				]}
			/>
		);
	return (
		<TextField
			{...common}
			value={value}
			required={isNeeded}
			withAsterisk={false}
			inputMode={property.kind === "integer" ? "numeric" : "text"}
			onChange={onChange}
		/>
	);
}
