import type { StorageType } from "@pathkeeper/model";
import { type FormEvent, useMemo, useState } from "react";
import { changeOf, type Draft, fieldsOf } from "../config/draft.ts";
import { Dialog } from "../ui/dialog.tsx";
import { NativeSelect, TextInput } from "../ui/kit.ts";
import { ReviewEnd } from "../ui/review-end.tsx";
import { shown } from "../ui/words.ts";
import type { StorageAnswer } from "./answers.ts";
import { adding, changing, type StorageChange } from "./storage-change.ts";
import { StorageFields } from "./storage-fields.tsx";
import { useStorageTypes } from "./storage-queries.ts";
import { storagesText, valuesOf } from "./storage-text.ts";

const kinds: Readonly<Record<string, string>> = {
	multipath: "multipath: the allowed LUNs, as volumes",
	lvm: "lvm: disks of guests in a volume group, on a LUN",
	dir: "dir: a folder",
};

/** Describes a storage that is to be, or changes one that is there. */
export function StorageForm({
	storage,
	stored,
	onReview,
	onClose,
}: {
	/** Null: a new one. */
	readonly storage: StorageAnswer | null;
	readonly stored: readonly StorageAnswer[];
	readonly onReview: (change: StorageChange) => void;
	readonly onClose: () => void;
}) {
	const [id, setId] = useState("");
	const [typeName, setTypeName] = useState(() => storage?.type ?? firstType(stored));
	const [draft, setDraft] = useState<Draft>({});
	const [error, setError] = useState<unknown>(null);
	const values = useMemo(() => (storage === null ? new Map<string, string>() : valuesOf(storage)), [storage]);
	const types = useStorageTypes();
	const type = types.find((known) => known.type === typeName);
	const change = changeOf(draft, values);
	const fields = fieldsOf(error);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const wanted =
			storage === null ? adding(types, id.trim(), typeName, change.set) : changing(types, storage, change);
		try {
			wanted.proposal(storagesText(stored));
		} catch (problem) {
			setError(problem);
			return;
		}
		setError(null);
		onReview(wanted);
	};
	const hasChange =
		storage === null ? id.trim() !== "" : Object.keys(change.set).length + change.delete.length > 0;
	return (
		<Dialog
			onClose={onClose}
			size="lg"
			title={storage === null ? "Add a storage" : `Change storage ${shown(storage.storage)}`}
		>
			<form className="stack" onSubmit={submit}>
				{storage === null ? (
					<>
						<TextInput
							label="ID"
							description="Name in the fleet, such as san or data; a letter first, then letters, digits and -._"
							value={id}
							spellCheck={false}
							error={fields["storage"]}
							data-autofocus
							onChange={(event) => setId(event.currentTarget.value)}
						/>
						<NativeSelect
							label="Type"
							value={typeName}
							onChange={(event) => {
								setTypeName(event.currentTarget.value);
								setDraft({});
								setError(null);
							}}
							data={types.map((known) => ({
								value: known.type,
								label: kinds[known.type] ?? known.type,
							}))}
						/>
					</>
				) : null}
				{type === undefined ? null : (
					<StorageFields
						key={typeName}
						type={type}
						isNew={storage === null}
						stored={stored}
						values={values}
						draft={draft}
						fields={fields}
						onDraft={setDraft}
					/>
				)}
				<ReviewEnd error={error} canReview={hasChange} onClose={onClose} />
			</form>
		</Dialog>
	);
}

/** The first storage of a fleet is the one that shows its LUNs: the others stand on it. */
function firstType(stored: readonly StorageAnswer[]): StorageType["type"] {
	return stored.some(({ type }) => type === "multipath") ? "lvm" : "multipath";
}
