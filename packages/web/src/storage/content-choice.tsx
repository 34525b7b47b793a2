import { type StorageType, splitList } from "@pathkeeper/model";
import { Checkbox } from "../ui/kit.ts";

const names: Readonly<Record<string, string>> = {
	images: "disk images (images)",
	rootdir: "containers (rootdir)",
	vztmpl: "container templates (vztmpl)",
	iso: "ISO images (iso)",
	backup: "backups (backup)",
	snippets: "snippets (snippets)",
	none: "nothing itself (none)",
};

/** What kinds of volumes a storage may hold; not set, it is what its type holds by itself. */
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
		<fieldset className="nodes-choice">
			<legend>What it may hold</legend>
			<div className="row-of">
				{content.valid.map((word) => (
					<Checkbox
						key={word}
						size="xs"
						label={names[word] ?? word}
						checked={chosen.some((each) => each === word)}
						onChange={(event) => onChange(toggled(content.valid, chosen, word, event.currentTarget.checked))}
					/>
				))}
			</div>
			{error === undefined ? null : <p className="field-error">{error}</p>}
		</fieldset>
	);
}

/** `none` stands alone, and is what is left when nothing is chosen. */
function toggled(valid: readonly string[], chosen: readonly string[], word: string, isOn: boolean): string {
	if (word === "none" && isOn) return "none";
	const next = valid.filter((each) => (each === word ? isOn : each !== "none" && chosen.includes(each)));
	return next.length === 0 ? "none" : next.join(",");
}
