import { useState } from "react";
import type { StorageAnswer } from "./answers.ts";
import { RemoveStorage } from "./remove-storage.tsx";
import { ReviewStorage } from "./review-storage.tsx";
import type { StorageChange } from "./storage-change.ts";
import { StorageForm } from "./storage-form.tsx";

/** What somebody wants to do with storages. */
export type Wanted =
	| { readonly kind: "add" }
	| { readonly kind: "change" | "remove"; readonly storage: StorageAnswer };

/** The dialog for it; a change is looked at over the form, which keeps what was typed. */
export function StorageDialogs({
	wanted,
	stored,
	onClose,
}: {
	readonly wanted: Wanted;
	readonly stored: readonly StorageAnswer[];
	readonly onClose: () => void;
}) {
	const [review, setReview] = useState<StorageChange | null>(null);
	if (wanted.kind === "remove") {
		// Its digest has to be that of now, or the server takes it for a clash for ever.
		const now = stored.find(({ storage }) => storage === wanted.storage.storage) ?? wanted.storage;
		return <RemoveStorage storage={now} onClose={onClose} />;
	}
	return (
		<>
			<StorageForm
				storage={wanted.kind === "change" ? wanted.storage : null}
				stored={stored}
				onReview={setReview}
				onClose={onClose}
			/>
			{review === null ? null : (
				<ReviewStorage change={review} stored={stored} onSaved={onClose} onClose={() => setReview(null)} />
			)}
		</>
	);
}
