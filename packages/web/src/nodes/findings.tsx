import { acknowledgementRoutes, emptyPlaces, isAcknowledgeable } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import type { NodeAnswer } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { Ago } from "../ui/age.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Button, Checkbox, TextInput } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { counted, shown } from "../ui/words.ts";

type Finding = NodeAnswer["findings"][number];

const marks = { error: "failed", warning: "degraded", info: "unmanaged" } as const;

/** What is wrong with a node beside its paths; what somebody acknowledged comes last, with the reason. */
export function Findings({ node, status }: { readonly node: string; readonly status: NodeAnswer }) {
	const { findings } = status;
	const mayModify = useRight("Sys.Modify");
	const [chosen, setChosen] = useState<Finding | null>(null);
	const close = () => setChosen(null);
	const open = findings.filter(({ acknowledged }) => acknowledged === null);
	const closed = findings.filter(({ acknowledged }) => acknowledged !== null);
	const aside = [
		...(open.length === 0 ? [] : [counted(open.length, "finding")]),
		...(closed.length === 0 ? [] : [`${closed.length} acknowledged`]),
	].join(", ");
	return (
		<Panel title="Findings" aside={aside === "" ? undefined : aside}>
			{findings.length === 0 ? (
				<p>{status.online === 1 ? emptyPlaces.noFinding.title : "Not known."}</p>
			) : (
				<ul className="findings">
					{[...open, ...closed].map((finding) => (
						<li key={`${finding.code} ${finding.subject}`}>
							<StateMark state={finding.acknowledged === null ? marks[finding.severity] : "unmanaged"} />
							<FindingText finding={finding} />
							{mayModify && isAcknowledgeable(finding) ? (
								<Button
									size="compact-sm"
									variant="subtle"
									aria-label={`${finding.acknowledged === null ? "Acknowledge" : "Reopen"} ${finding.code}`}
									onClick={() => setChosen(finding)}
								>
									{finding.acknowledged === null ? "Acknowledge" : "Reopen"}
								</Button>
							) : null}
						</li>
					))}
				</ul>
			)}
			{chosen === null ? null : chosen.acknowledged === null ? (
				<Acknowledge node={node} finding={chosen} onClose={close} />
			) : (
				<Reopen node={node} finding={chosen} onClose={close} />
			)}
		</Panel>
	);
}

function FindingText({ finding }: { readonly finding: Finding }) {
	const { severity, text, code, acknowledged } = finding;
	return (
		<span>
			<b>{acknowledged === null ? severity : "acknowledged"}</b> {shown(text)}{" "}
			<code className="more">{shown(code)}</code>
			{acknowledged === null ? null : (
				<span className="more">
					{" "}
					{shown(acknowledged.by)}, <Ago at={acknowledged.at} />: {shown(acknowledged.reason)}
				</span>
			)}
		</span>
	);
}

function Acknowledge({
	node,
	finding,
	onClose,
}: {
	readonly node: string;
	readonly finding: Finding;
	readonly onClose: () => void;
}) {
	const [reason, setReason] = useState("");
	const [everywhere, setEverywhere] = useState(false);
	const queries = useQueryClient();
	const acknowledging = useMutation({
		mutationFn: () =>
			client.call(acknowledgementRoutes.acknowledge, {
				code: finding.code,
				...(finding.subject === null ? {} : { subject: finding.subject }),
				reason,
				...(everywhere ? {} : { node }),
			}),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: ["node"] });
			onClose();
		},
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		acknowledging.mutate();
	};
	return (
		<Dialog title="Acknowledge this finding?" onClose={onClose}>
			<form className="stack" onSubmit={submit}>
				<p>{shown(finding.text)}</p>
				<p className="more">
					It stays on this page with your name and reason, and is no longer counted. When its text changes, as
					with another version, it is a new finding.
				</p>
				<TextInput
					label="Why it needs no work for now"
					data-autofocus
					maxLength={512}
					value={reason}
					onChange={(event) => setReason(event.currentTarget.value)}
				/>
				<Checkbox
					label="On every node that has it"
					checked={everywhere}
					onChange={(event) => setEverywhere(event.currentTarget.checked)}
				/>
				<Problem what="It is not acknowledged." error={acknowledging.error} unchanged />
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" disabled={reason === ""} loading={acknowledging.isPending}>
						Acknowledge
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

/** Takes back the acknowledgement that shows on a node: one for that node, else the one for all. */
function Reopen({
	node,
	finding,
	onClose,
}: {
	readonly node: string;
	readonly finding: Finding;
	readonly onClose: () => void;
}) {
	const queries = useQueryClient();
	return (
		<Confirm
			title={`Reopen ${shown(finding.code)}?`}
			action="Reopen it"
			refusal="It is still acknowledged."
			run={async () => {
				for (const id of await acknowledgementsOf(node, finding))
					await client.call(acknowledgementRoutes.withdrawAcknowledgement, { id });
			}}
			onDone={() => void queries.invalidateQueries({ queryKey: ["node"] })}
			onClose={onClose}
		>
			<p>It is counted again. The reason that was given is lost.</p>
		</Confirm>
	);
}

async function acknowledgementsOf(node: string, { code, text, subject }: Finding): Promise<string[]> {
	const all = await client.call(acknowledgementRoutes.listAcknowledgements, {});
	const same = all.filter((each) => each.code === code && each.text === text && each.subject === subject);
	const here = same.filter((each) => each.node === node);
	return (here.length > 0 ? here : same.filter((each) => each.node === null)).map(({ id }) => id);
}
