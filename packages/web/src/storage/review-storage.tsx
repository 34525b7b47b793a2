import { diffLines } from "@pathkeeper/model";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ChangedMeanwhile } from "../review/changed-meanwhile.tsx";
import { Diff } from "../review/diff.tsx";
import { useReview } from "../review/use-review.ts";
import { Dialog } from "../ui/dialog.tsx";
import { CheckField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Problem } from "../ui/problem.tsx";
import type { StorageAnswer } from "./answers.ts";
import type { StorageChange } from "./storage-change.ts";
import { storagesQuery } from "./storage-queries.ts";
import { storagesText } from "./storage-text.ts";

/** Before a change of a storage is carried out: what is written to the configuration, and what is done. */
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
	const [isForced, setForced] = useState(false);
	const { base, theirs, saving, error } = useReview({
		stored,
		textOf: storagesText,
		read: () => queries.fetchQuery({ ...storagesQuery, staleTime: 0 }),
		save: (storages) => change.save(storages[0]?.digest, isForced),
		onSaved: async () => {
			await queries.invalidateQueries({ queryKey: storagesQuery.queryKey });
			void queries.invalidateQueries({ queryKey: ["node"] });
			onSaved();
		},
	});
	const text = storagesText(base);
	const proposal = proposalOf(change, text);
	return (
		<Dialog onClose={onClose} size="lg" title={change.title}>
			<Form onSubmit={() => saving.mutate()}>
				<ChangedMeanwhile theirs={theirs} />
				<Effects before={text} proposal={proposal} effects={change.effects} />
				<FormEnd
					refusal="It was not saved."
					error={error}
					isBusy={saving.isPending}
					action="Apply"
					focus="action"
					canSubmit={!("error" in proposal)}
					cancel="Back"
					onCancel={onClose}
				>
					{error !== null && change.mayForce ? (
						<CheckField
							label="Leave out nodes that cannot be asked"
							description="They may still use the LUN. A LUN that a node reports as used is never written to."
							value={isForced}
							onChange={setForced}
						/>
					) : null}
				</FormEnd>
			</Form>
		</Dialog>
	);
}

/** What is written to the configuration, and what is done apart from that. */
function Effects({
	before,
	proposal,
	effects,
}: {
	readonly before: string;
	readonly proposal: Proposal;
	readonly effects: readonly string[];
}) {
	return (
		<>
			{"error" in proposal ? (
				<Problem what="This change was refused." error={proposal.error} unchanged />
			) : (
				<Diff
					text={diffLines(before, proposal.text, { from: "storage.cfg", to: "storage.cfg" })}
					label="Changes to storage.cfg"
				/>
			)}
			<ul className="reasons">
				{effects.map((effect) => (
					<li key={effect}>{effect}</li>
				))}
			</ul>
		</>
	);
}

/** The document after a change, or why the change is refused. */
type Proposal = { readonly text: string } | { readonly error: unknown };

function proposalOf(change: StorageChange, text: string): Proposal {
	try {
		return { text: change.proposal(text) };
	} catch (error) {
		return { error };
	}
}
