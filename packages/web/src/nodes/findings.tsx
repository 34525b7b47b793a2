import { emptyPlaces, isAcknowledgeable } from "@pathkeeper/model";
import { useState } from "react";
import type { NodeAnswer } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { Ago } from "../ui/age.tsx";
import { counted } from "../ui/counted.ts";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { Acknowledge } from "./acknowledge.tsx";
import { Reopen } from "./reopen.tsx";

type Finding = NodeAnswer["findings"][number];

const marks = { error: "failed", warning: "degraded", info: "unmanaged" } as const;

/** Problems of a node other than its paths; those that are acknowledged come last, with the reason. */
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
				<p>{status.online === 1 ? emptyPlaces.noFinding.title : "Unknown."}</p>
			) : (
				<ul className="findings">
					{[...open, ...closed].map((finding) => (
						<li key={`${finding.code} ${finding.subject}`}>
							<StateMark state={finding.acknowledged === null ? marks[finding.severity] : "unmanaged"} />
							<FindingText finding={finding} />
							{mayModify && isAcknowledgeable(finding) ? (
								<FindingButton finding={finding} onClick={() => setChosen(finding)} />
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

function FindingButton({
	finding: { acknowledged, code },
	onClick,
}: {
	readonly finding: Finding;
	readonly onClick: () => void;
}) {
	const text = acknowledged === null ? "Acknowledge" : "Reopen";
	return <RowButton text={text} label={`${text} ${code}`} onClick={onClick} />;
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
