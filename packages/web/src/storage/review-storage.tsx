import { diffLines } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isConflict } from "../api/client.ts";
import { ChangedMeanwhile } from "../config/changed-meanwhile.tsx";
import { Diff } from "../config/diff-view.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Button, Checkbox } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
import type { StorageAnswer } from "./answers.ts";
import type { StorageChange } from "./storage-change.ts";
import { storagesQuery } from "./storage-queries.ts";
import { storagesText } from "./storage-text.ts";

/**
 * Before a change of a storage is made: what is written down, and what is done. When somebody else saved in between,
 * their change is shown and ours is worked out anew on top of it.
 */
export function ReviewStorage({
	change,
	stored,
	onSaved,
	onClose,
}: {
	readonly change: StorageChange;
	readonly stored: readonly StorageAnswer[];
	readonly onSaved: () => void;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	// What is looked at stays what it was, whatever comes in behind the dialog.
	const [base, setBase] = useState(stored);
	const [force, setForce] = useState(false);
	const [theirs, setTheirs] = useState<string | null>(null);
	const text = storagesText(base);
	const proposal = proposed(change, text);
	const saving = useMutation({
		mutationFn: () => change.save(base[0]?.digest, force),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: storagesQuery.queryKey });
			void queries.invalidateQueries({ queryKey: ["node"] });
			onSaved();
		},
		onError: async (error) => {
			if (!isConflict(error)) return;
			const now = await queries.fetchQuery({ ...storagesQuery, staleTime: 0 });
			setTheirs(diffLines(text, storagesText(now), { from: "when you began", to: "saved since" }));
			setBase(now);
		},
	});
	return (
		<Dialog onClose={onClose} size="lg" title={change.title}>
			<div className="stack">
				<ChangedMeanwhile theirs={theirs} />
				{"error" in proposal ? (
					<Problem what="This change is refused." error={proposal.error} unchanged />
				) : (
					<Diff
						text={diffLines(text, proposal.text, { from: "storage.cfg", to: "storage.cfg" })}
						label="What is written down"
					/>
				)}
				<ul className="reasons">
					{change.effects.map((effect) => (
						<li key={effect}>{effect}</li>
					))}
				</ul>
				{saving.error === null || isConflict(saving.error) ? null : (
					<>
						<Problem what="It was not saved." error={saving.error} unchanged />
						{change.mayForce ? (
							<Checkbox
								label="Leave out nodes that cannot be asked"
								description="They may still use the LUN. One that a node says it uses is never written on."
								checked={force}
								onChange={(event) => setForce(event.currentTarget.checked)}
							/>
						) : null}
					</>
				)}
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Back
					</Button>
					<Button
						data-autofocus
						disabled={"error" in proposal}
						loading={saving.isPending}
						onClick={() => saving.mutate()}
					>
						Apply
					</Button>
				</div>
			</div>
		</Dialog>
	);
}

function proposed(
	change: StorageChange,
	text: string,
): { readonly text: string } | { readonly error: unknown } {
	try {
		return { text: change.proposal(text) };
	} catch (error) {
		return { error };
	}
}
