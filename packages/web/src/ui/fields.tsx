/** The kit's fields with what was typed or chosen as a value, not as an event. */
import type { CheckboxProps, NativeSelectProps, PasswordInputProps, TextInputProps } from "@mantine/core";
import { Checkbox, NativeSelect, PasswordInput, TextInput } from "./kit.ts";

type Field<Props, Value> = Omit<Props, "onChange" | "value" | "checked" | "error"> & {
	readonly value: Value;
	/** What is wrong with the value. */
	readonly error?: string | undefined;
	/** True for the field that a dialog puts the cursor in. */
	readonly hasFocus?: boolean;
	readonly onChange: (value: Value) => void;
};

const focus = (hasFocus: boolean) => (hasFocus ? { "data-autofocus": true } : {});

/** Most texts here are names and identifiers, which no dictionary knows. */
export function TextField({ hasFocus = false, onChange, ...props }: Field<TextInputProps, string>) {
	return (
		<TextInput
			spellCheck={false}
			{...props}
			{...focus(hasFocus)}
			onChange={(event) => onChange(event.currentTarget.value)}
		/>
	);
}

export function PasswordField({ hasFocus = false, onChange, ...props }: Field<PasswordInputProps, string>) {
	return (
		<PasswordInput
			{...props}
			{...focus(hasFocus)}
			onChange={(event) => onChange(event.currentTarget.value)}
		/>
	);
}

/** One of a few: `data` has their values and labels. */
export function SelectField({ hasFocus = false, onChange, ...props }: Field<NativeSelectProps, string>) {
	return (
		<NativeSelect {...props} {...focus(hasFocus)} onChange={(event) => onChange(event.currentTarget.value)} />
	);
}

export function CheckField({ value, hasFocus = false, onChange, ...props }: Field<CheckboxProps, boolean>) {
	return (
		<Checkbox
			{...props}
			{...focus(hasFocus)}
			checked={value}
			onChange={(event) => onChange(event.currentTarget.checked)}
		/>
	);
}
