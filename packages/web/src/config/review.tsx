import { multipathRoutes } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { type ConfigAnswer, configQuery } from "../api/queries.ts";
import { ChangedMeanwhile } from "../review/changed-meanwhile.tsx";
import { useReview } from "../review/use-review.ts";
import { pageRuntime } from "../runtime.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import type { ConfigChange } from "./change.ts";
import { isRefused, Preview } from "./preview.tsx";
import { Rollout } from "./rollout.tsx";

/** Before a change is saved: what every node would get from it. Afterwards: which nodes have applied it. */
export function Review({
	change,
	stored,
	onSaved,
	onClose,
}: {
	readonly change: ConfigChange;
	readonly stored: ConfigAnswer;
	readonly onSaved: () => void;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	const [savedAt, setSavedAt] = useState<number | null>(null);
	const { base, theirs, saving, error } = useReview({
		stored,
		textOf: (config) => config[change.document],
		read: () => queries.fetchQuery({ ...configQuery, staleTime: 0 }),
		save: change.save,
		onSaved: () => {
			setSavedAt(pageRuntime.now());
			onSaved();
			void queries.invalidateQueries({ queryKey: configQuery.queryKey });
		},
	});
	const preview = useQuery({
		queryKey: ["preview", change.title, base.digest, base["overrides-digest"], proposalKey(change, base)],
		queryFn: () => client.call(multipathRoutes.preview, change.proposal(base)),
		retry: false,
		gcTime: 0,
		enabled: savedAt === null,
	});
	return (
		<Dialog onClose={onClose} size="xl" title={change.title}>
			{savedAt !== null ? (
				<Rollout savedAt={savedAt} onClose={onClose} />
			) : (
				<Form onSubmit={() => saving.mutate()}>
					<ChangedMeanwhile theirs={theirs} />
					<Loaded
						answer={preview}
						problem="This change was refused. Nothing was changed."
						waiting="Computing what every node would get …"
					>
						{(data) => <Preview preview={data} />}
					</Loaded>
					<FormEnd
						refusal="It was not saved."
						error={error}
						isBusy={saving.isPending}
						action="Apply"
						focus="action"
						canSubmit={preview.data !== undefined && !isRefused(preview.data) && !preview.isFetching}
						cancel="Back"
						onCancel={onClose}
					/>
				</Form>
			)}
		</Dialog>
	);
}

function proposalKey(change: ConfigChange, base: ConfigAnswer): string {
	try {
		return JSON.stringify(change.proposal(base));
	} catch {
		return "refused";
	}
}
