import type { StorageType } from "@pathkeeper/model";
import { useMemo, useState } from "react";
import { fieldsOf } from "../api/fields-of.ts";
import { changeOf, type Draft, sizeOf } from "../review/draft.ts";
import { Dialog } from "../ui/dialog.tsx";
import { SelectField, TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { shown } from "../ui/shown.ts";
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

/** Describes a new storage, or changes an existing one. */
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
	const form = useStorageDraft(storage, stored);
	const { type, error } = form;
	const fields = fieldsOf(error);
	return (
		<Dialog
			onClose={onClose}
			size="lg"
			title={storage === null ? "Add a storage" : `Change storage ${shown(storage.storage)}`}
		>
			<Form onSubmit={() => form.check(onReview)}>
				{storage === null ? <IdAndType form={form} error={fields["storage"]} /> : null}
				{type === undefined ? null : (
					<StorageFields
						key={form.typeName}
						type={type}
						isNew={storage === null}
						stored={stored}
						values={form.values}
						draft={form.draft}
						fields={fields}
						onDraft={form.setDraft}
					/>
				)}
				<FormEnd
					refusal="This is not valid yet."
					error={error}
					action="Review"
					canSubmit={form.hasChange}
					onCancel={onClose}
				/>
			</Form>
		</Dialog>
	);
}

function IdAndType({
	form: { id, setId, typeName, setType, types },
	error,
}: {
	readonly form: ReturnType<typeof useStorageDraft>;
	readonly error: string | undefined;
}) {
	return (
		<>
			<TextField
				label="ID"
				description="Name in the fleet, such as san or data; a letter first, then letters, digits and -._"
				value={id}
				error={error}
				hasFocus
				onChange={setId}
			/>
			<SelectField
				label="Type"
				value={typeName}
				onChange={setType}
				data={types.map(({ type }) => ({ value: type, label: kinds[type] ?? type }))}
			/>
		</>
	);
}

/** What was typed into the form, and the change that it makes. */
function useStorageDraft(storage: StorageAnswer | null, stored: readonly StorageAnswer[]) {
	const [id, setId] = useState("");
	const [typeName, setTypeName] = useState(() => storage?.type ?? firstType(stored));
	const [draft, setDraft] = useState<Draft>({});
	const [error, setError] = useState<unknown>(null);
	const values = useMemo(() => (storage === null ? new Map<string, string>() : valuesOf(storage)), [storage]);
	const types = useStorageTypes();
	const change = changeOf(draft, values);
	const setType = (name: string) => {
		setTypeName(name);
		setDraft({});
		setError(null);
	};
	/** Calls `use` with the change when it is valid on top of what is stored now. */
	const check = (use: (change: StorageChange) => void) => {
		const proposed =
			storage === null ? adding(types, id.trim(), typeName, change.set) : changing(types, storage, change);
		try {
			proposed.proposal(storagesText(stored));
		} catch (problem) {
			setError(problem);
			return;
		}
		setError(null);
		use(proposed);
	};
	return {
		...{ id, setId, typeName, setType, types, draft, setDraft, values, error, check },
		type: types.find((known) => known.type === typeName),
		hasChange: storage === null ? id.trim() !== "" : sizeOf(change) > 0,
	};
}

/** The first storage of a fleet is the one that shows its LUNs: the others are built on it. */
function firstType(stored: readonly StorageAnswer[]): StorageType["type"] {
	return stored.some(({ type }) => type === "multipath") ? "lvm" : "multipath";
}
