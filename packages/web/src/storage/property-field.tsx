import type { StorageProperty } from "@pathkeeper/model";
import { Checkbox, NativeSelect, TextInput } from "../ui/kit.ts";

/** Flags that hold unless somebody says otherwise. */
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
			<Checkbox
				{...common}
				checked={isOn ? value !== "0" : value === "1"}
				onChange={(event) => onChange(event.currentTarget.checked === isOn ? "" : isOn ? "0" : "1")}
			/>
		);
	}
	if (property.oneOf !== undefined)
		return (
			<NativeSelect
				{...common}
				value={value}
				onChange={(event) => onChange(event.currentTarget.value)}
				data={[
					{ value: "", label: "not set" },
					...property.oneOf.map((word) => ({ value: word, label: word })),
				]}
			/>
		);
	return (
		<TextInput
			{...common}
			value={value}
			required={isNeeded}
			withAsterisk={false}
			spellCheck={false}
			inputMode={property.kind === "integer" ? "numeric" : "text"}
			onChange={(event) => onChange(event.currentTarget.value)}
		/>
	);
}
