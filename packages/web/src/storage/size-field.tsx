import { SelectField, TextField } from "../ui/fields.tsx";

/** What one of each is, in MiB. */
const units = { MiB: 1, GiB: 1024, TiB: 1024 * 1024 } as const;
type Unit = keyof typeof units;

/** A size as it is typed. */
export interface TypedSize {
	readonly text: string;
	readonly unit: Unit;
}

export const noSize: TypedSize = { text: "", unit: "GiB" };

/** Whole MiB; null for a text that is not a size. */
export function mibOf({ text, unit }: TypedSize): number | null {
	const mib = text.trim() === "" ? 0 : Math.round(Number(text.replace(",", ".")) * units[unit]);
	return Number.isSafeInteger(mib) && mib >= 1 ? mib : null;
}

export function SizeField({
	label,
	description,
	value,
	error,
	hasFocus = false,
	onChange,
}: {
	readonly label: string;
	readonly description: string;
	readonly value: TypedSize;
	/** What is wrong with it, found by the server or the form. */
	readonly error: string | undefined;
	readonly hasFocus?: boolean;
	readonly onChange: (size: TypedSize) => void;
}) {
	const isSize = value.text === "" || mibOf(value) !== null;
	return (
		<div className="size-field">
			<TextField
				label={label}
				description={description}
				value={value.text}
				inputMode="decimal"
				error={error ?? (isSize ? undefined : "This is not a size.")}
				hasFocus={hasFocus}
				onChange={(text) => onChange({ ...value, text })}
			/>
			<SelectField
				aria-label="Unit of the size"
				value={value.unit}
				onChange={(unit) => onChange({ ...value, unit: unitOf(unit) })}
				data={Object.keys(units)}
			/>
		</div>
	);
}

function unitOf(text: string): Unit {
	return text === "MiB" || text === "TiB" ? text : "GiB";
}
