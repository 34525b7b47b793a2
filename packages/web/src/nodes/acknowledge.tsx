import { acknowledgementRoutes } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import type { NodeAnswer } from "../api/queries.ts";
import { Dialog } from "../ui/dialog.tsx";
import { CheckField, TextField } from "../ui/fields.tsx";
import { Form } from "../ui/form.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { shown } from "../ui/shown.ts";

/** Acknowledges a finding with a reason, on one node or on all. */
export function Acknowledge({
	node,
	finding,
	onClose,
}: {
	readonly node: string;
	readonly finding: NodeAnswer["findings"][number];
	readonly onClose: () => void;
}) {
	const [reason, setReason] = useState("");
	const [isEverywhere, setEverywhere] = useState(false);
	const queries = useQueryClient();
	const acknowledging = useMutation({
		mutationFn: () =>
			client.call(acknowledgementRoutes.acknowledge, {
				code: finding.code,
				...(finding.subject === null ? {} : { subject: finding.subject }),
				reason,
				...(isEverywhere ? {} : { node }),
			}),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: ["node"] });
			onClose();
		},
	});
	return (
		<Dialog title="Acknowledge this finding?" onClose={onClose}>
			<Form onSubmit={() => acknowledging.mutate()}>
				<p>{shown(finding.text)}</p>
				<p className="more">
					It stays on this page with your name and reason, and is no longer counted. If its text changes, for
					example with another version, it is a new finding.
				</p>
				<TextField
					label="Why it needs no action for now"
					hasFocus
					spellCheck
					maxLength={512}
					value={reason}
					onChange={setReason}
				/>
				<CheckField label="On every node that has it" value={isEverywhere} onChange={setEverywhere} />
				<FormEnd
					refusal="It was not acknowledged."
					error={acknowledging.error}
					isBusy={acknowledging.isPending}
					action="Acknowledge"
					canSubmit={reason !== ""}
					onCancel={onClose}
				/>
			</Form>
		</Dialog>
	);
}
