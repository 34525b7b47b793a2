import { NativeSelect, TextInput } from "../ui/kit.ts";

/** What one of each is, in MiB. */
const units = { MiB: 1, GiB: 1024, TiB: 1024 * 1024 } as const;
type Unit = keyof typeof units;

/** A size as somebody types it. */
export interface TypedSize {
	readonly text: string;
	readonly unit: Unit;
}

export const noSize: TypedSize = { text: "", unit: "GiB" };

/** Whole MiB; null for what is no size. */
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
	/** What the server, or the form, has against it. */
	readonly error: string | undefined;
	readonly hasFocus?: boolean;
	readonly onChange: (size: TypedSize) => void;
}) {
	const isSize = value.text === "" || mibOf(value) !== null;
	return (
		<div className="size-field">
			<TextInput
				label={label}
				description={description}
				value={value.text}
				inputMode="decimal"
				error={error ?? (isSize ? undefined : "That is no size.")}
				{...(hasFocus ? { "data-autofocus": true } : {})}
				onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
			/>
			<NativeSelect
				aria-label="Unit of the size"
				value={value.unit}
				onChange={(event) => onChange({ ...value, unit: unitOf(event.currentTarget.value) })}
				data={Object.keys(units)}
			/>
		</div>
	);
}

function unitOf(text: string): Unit {
	return text === "MiB" || text === "TiB" ? text : "GiB";
}
