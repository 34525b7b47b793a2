import { useState } from "react";
import type { StorageAnswer } from "./answers.ts";
import { RemoveStorage } from "./remove-storage.tsx";
import { ReviewStorage } from "./review-storage.tsx";
import type { StorageChange } from "./storage-change.ts";
import { StorageForm } from "./storage-form.tsx";

/** What is to be done with storages. */
export type StorageWork =
	| { readonly kind: "add" }
	| { readonly kind: "change" | "remove"; readonly storage: StorageAnswer };

/** The dialog for it; a change is reviewed over the form, which keeps what was typed. */
export function StorageDialogs({
	work,
	stored,
	onClose,
}: {
	readonly work: StorageWork;
	readonly stored: readonly StorageAnswer[];
	readonly onClose: () => void;
}) {
	const [review, setReview] = useState<StorageChange | null>(null);
	if (work.kind === "remove") {
		// With an older digest the server would refuse it for ever.
		const now = stored.find(({ storage }) => storage === work.storage.storage) ?? work.storage;
		return <RemoveStorage storage={now} onClose={onClose} />;
	}
	return (
		<>
			<StorageForm
				storage={work.kind === "change" ? work.storage : null}
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
