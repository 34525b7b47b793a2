import { acknowledgementRoutes } from "@pathkeeper/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import type { NodeAnswer } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { Ago } from "../ui/age.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Button, TextInput } from "../ui/kit.ts";
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
	const open = findings.filter(({ acknowledged }) => acknowledged === null);
	const closed = findings.filter(({ acknowledged }) => acknowledged !== null);
	const aside = [
		...(open.length === 0 ? [] : [counted(open.length, "finding")]),
		...(closed.length === 0 ? [] : [`${closed.length} acknowledged`]),
	].join(", ");
	return (
		<Panel title="Findings" aside={aside === "" ? undefined : aside}>
			{findings.length === 0 ? (
				<p>{status.online === 1 ? "None." : "Not known."}</p>
			) : (
				<ul className="findings">
					{[...open, ...closed].map((finding) => (
						<li key={`${finding.code} ${finding.subject}`}>
							<StateMark state={finding.acknowledged === null ? marks[finding.severity] : "unmanaged"} />
							<FindingText finding={finding} />
							{mayModify && finding.acknowledged === null && finding.severity !== "error" ? (
								<Button
									size="compact-sm"
									variant="subtle"
									aria-label={`Acknowledge ${finding.code}`}
									onClick={() => setChosen(finding)}
								>
									Acknowledge
								</Button>
							) : null}
							{mayModify && finding.acknowledged !== null ? <Reopen node={node} finding={finding} /> : null}
						</li>
					))}
				</ul>
			)}
			{chosen === null ? null : <Acknowledge node={node} finding={chosen} onClose={() => setChosen(null)} />}
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
	const queries = useQueryClient();
	const { mutate, error, isPending } = useMutation({
		mutationFn: (where: { readonly node?: string }) =>
			client.call(acknowledgementRoutes.acknowledge, {
				code: finding.code,
				...(finding.subject === null ? {} : { subject: finding.subject }),
				reason,
				...where,
			}),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: ["node"] });
			onClose();
		},
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		mutate({ node });
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
				<Problem what="It is not acknowledged." error={error} unchanged />
				<div className="row-of end">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button variant="default" disabled={reason === ""} loading={isPending} onClick={() => mutate({})}>
						On every node that has it
					</Button>
					<Button type="submit" disabled={reason === ""} loading={isPending}>
						On {shown(node)}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

/** What it takes back can be made again with the button beside it, so it is not asked about. */
function Reopen({ node, finding }: { readonly node: string; readonly finding: Finding }) {
	const queries = useQueryClient();
	const { mutate, error, isPending } = useMutation({
		mutationFn: async () => {
			const all = await client.call(acknowledgementRoutes.listAcknowledgements, {});
			const same = all.filter(
				({ code, text, subject, node: other }) =>
					code === finding.code &&
					text === finding.text &&
					subject === finding.subject &&
					(other === node || other === null),
			);
			const here = same.filter((each) => each.node === node);
			for (const { id } of here.length > 0 ? here : same)
				await client.call(acknowledgementRoutes.withdrawAcknowledgement, { id });
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: ["node"] }),
	});
	return (
		<>
			<Button
				size="compact-sm"
				variant="subtle"
				loading={isPending}
				aria-label={`Reopen ${finding.code}`}
				onClick={() => mutate()}
			>
				Reopen
			</Button>
			<Problem what="It is still acknowledged." error={error} unchanged />
		</>
	);
}
