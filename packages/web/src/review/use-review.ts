import { diffLines } from "@pathkeeper/model";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { isConflict } from "../api/client.ts";

/**
 * A change that is reviewed on top of what is stored. What is reviewed stays the same, whatever comes in behind the
 * dialog. When another user saved first, their change is in `theirs`, and this user's change is based on what they saved.
 */
export function useReview<Stored>({
	stored,
	textOf,
	read,
	save,
	onSaved,
}: {
	readonly stored: Stored;
	/** The document that is changed. */
	readonly textOf: (stored: Stored) => string;
	/** Reads what is stored now. */
	readonly read: () => Promise<Stored>;
	/** Saves the change; refused when the document is no longer the one that it was reviewed on. */
	readonly save: (base: Stored) => Promise<unknown>;
	readonly onSaved: () => unknown;
}) {
	const [base, setBase] = useState(stored);
	const [theirs, setTheirs] = useState<string | null>(null);
	const saving = useMutation({
		mutationFn: () => save(base),
		onSuccess: onSaved,
		onError: async (error) => {
			if (!isConflict(error)) return;
			const now = await read();
			setTheirs(diffLines(textOf(base), textOf(now), { from: "when you began", to: "saved since" }));
			setBase(now);
		},
	});
	return { base, theirs, saving, error: isConflict(saving.error) ? null : saving.error };
}
