import { type Keyword, keyOfKeyword } from "@pathkeeper/model";
import { SelectField, TextField } from "../ui/fields.tsx";

/** One setting of multipath-tools: its effect, valid values, default, and the versions that know it. */
export function KnobField({
	keyword,
	value,
	isChanged,
	readOnly = false,
	error,
	onChange,
}: {
	readonly keyword: Keyword;
	/** Empty: not set. */
	readonly value: string;
	readonly isChanged: boolean;
	readonly readOnly?: boolean;
	readonly error?: string | undefined;
	readonly onChange: (value: string) => void;
}) {
	const key = keyOfKeyword(keyword);
	const words = wordsOf(keyword);
	const common = {
		label: key,
		description: describe(keyword),
		className: isChanged ? "knob changed" : "knob",
		inputWrapperOrder: ["label" as const, "input" as const, "description" as const, "error" as const],
		...(error === undefined ? {} : { error }),
	};
	if (words === null)
		return (
			<TextField
				{...common}
				value={value}
				readOnly={readOnly}
				placeholder={keyword.default ?? ""}
				onChange={onChange}
			/>
		);
	const given = value === "" || words.includes(value) ? words : [value, ...words];
	return (
		<SelectField
			{...common}
			value={value}
			disabled={readOnly}
			onChange={onChange}
			data={[
				{ value: "", label: keyword.default === null ? "not set" : `not set (${keyword.default})` },
				...given.map((word) => ({ value: word, label: word })),
			]}
		/>
	);
}

function wordsOf({ type }: Keyword): readonly string[] | null {
	if (type.kind === "yesno") return ["yes", "no"];
	return type.kind === "enum" ? type.words.map(({ word }) => word) : null;
}

function describe(keyword: Keyword): string {
	const { effect, since, until, type } = keyword;
	const parts = [effect.endsWith(".") ? effect : `${effect}.`];
	const range = rangeText(type);
	if (range !== "") parts.push(`Valid: ${range}.`);
	parts.push(keyword.default === null ? "Default: depends on the array." : `Default: ${keyword.default}.`);
	if (since !== null) parts.push(`Since multipath-tools ${since}.`);
	if (until !== null) parts.push(`Ignored since ${until}.`);
	return parts.join(" ");
}

function rangeText(type: Keyword["type"]): string {
	switch (type.kind) {
		case "integer": {
			const numbers = `${type.min} to ${type.max}${type.unit === null ? "" : ` ${type.unit}`}`;
			return type.words.length === 0 ? numbers : `${numbers}, or ${type.words.join(", ")}`;
		}
		case "off-int":
			return `no, or ${type.min} to ${type.max}${type.unit === null ? "" : ` ${type.unit}`}`;
		case "string":
			return type.shape;
		case "argstr":
			return type.words.length === 0 ? "" : `one of ${type.words.join(", ")} with its arguments`;
		case "regex":
			return "a regular expression";
		default:
			return "";
	}
}
