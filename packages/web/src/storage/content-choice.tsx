import { type StorageType, splitList } from "@pathkeeper/model";
import { ChoiceBox } from "../ui/choice-box.tsx";
import { CheckField } from "../ui/fields.tsx";

const names: Readonly<Record<string, string>> = {
	images: "disk images (images)",
	rootdir: "containers (rootdir)",
	vztmpl: "container templates (vztmpl)",
	iso: "ISO images (iso)",
	backup: "backups (backup)",
	snippets: "snippets (snippets)",
	none: "no volumes (none)",
};

/** The kinds of volumes that a storage may contain; if not set, the default of its type. */
export function ContentChoice({
	type: { content },
	value,
	error,
	onChange,
}: {
	readonly type: Pick<StorageType, "content">;
	readonly value: string;
	readonly error: string | undefined;
	readonly onChange: (value: string) => void;
}) {
	const chosen = value === "" ? content.default : splitList(value);
	return (
		<ChoiceBox legend="Content" error={error}>
			{content.valid.map((word) => (
				<CheckField
					key={word}
					size="xs"
					label={names[word] ?? word}
					value={chosen.some((each) => each === word)}
					onChange={(isOn) => onChange(toggled(content.valid, chosen, word, isOn))}
				/>
			))}
		</ChoiceBox>
	);
}

/** `none` excludes all others, and is the value when nothing is chosen. */
function toggled(valid: readonly string[], chosen: readonly string[], word: string, isOn: boolean): string {
	if (word === "none" && isOn) return "none";
	const next = valid.filter((each) => (each === word ? isOn : each !== "none" && chosen.includes(each)));
	return next.length === 0 ? "none" : next.join(",");
}
