import { emptyPlaces } from "@pathkeeper/model";
import type { ReactNode } from "react";
import type { NodeAnswer } from "../api/queries.ts";
import { Ago, durationText } from "../ui/age.tsx";
import { NextStep } from "../ui/empty-place.tsx";
import { Notice } from "../ui/notice.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { Findings } from "./findings.tsx";

/** The services of a node, the configuration that it applied, and its findings. */
export function NodeStatus({ status }: { readonly status: NodeAnswer }) {
	const { multipathd, online } = status;
	return (
		<>
			{online === 1 ? null : (
				<Notice kind="warning" title={emptyPlaces.silentAgent.title}>
					<NextStep place="silentAgent" />
					<p>A host that is gone for good can be removed from the fleet.</p>
				</Notice>
			)}
			{online === 1 && multipathd.state !== "running" ? (
				<Notice kind="warning" title={emptyPlaces.silentDaemon.title}>
					<NextStep place="silentDaemon" />
				</Notice>
			) : null}
			<div className="side-by-side">
				<Panel title="Status">
					<Facts rows={statusRows(status)} />
				</Panel>
				<Applied applied={status.applied} />
			</div>
			<Findings node={status.node} status={status} />
		</>
	);
}

function statusRows(status: NodeAnswer): readonly (readonly [string, ReactNode])[] {
	const { multipathd, age, online, settling, simulated } = status;
	return [
		[
			"Agent",
			online === 1 ? (
				<StateWord key="a" state="optimal" word="online" />
			) : (
				<StateWord key="a" state="unknown" word="not reporting" />
			),
		],
		["multipathd", <DaemonWord key="m" multipathd={multipathd} />],
		["multipath-tools version", multipathd.version === null ? "unknown" : shown(multipathd.version)],
		["Agent version", shown(status.agent)],
		["Last change", age === null ? "no report" : `${durationText(age)} ago`],
		...(settling === 1 ? [["Now", "settling: maps may still change"] as const] : []),
		...(simulated === 1 ? [["Host", "simulated"] as const] : []),
	];
}

function DaemonWord({ multipathd: { state, problem } }: { readonly multipathd: NodeAnswer["multipathd"] }) {
	if (state === "running") return <StateWord state="optimal" word="running" />;
	return (
		<span>
			<StateWord state="unknown" word={shown(state)} /> {problem === null ? "" : shown(problem)}
		</span>
	);
}

function Applied({ applied }: { readonly applied: NodeAnswer["applied"] }) {
	return (
		<Panel title="Applied configuration">
			{applied.error === null ? null : (
				<Notice kind="error" title="The configuration is not applied.">
					{shown(applied.error)}
				</Notice>
			)}
			<Facts
				rows={[
					["State", <AppliedWord key="s" applied={applied} />],
					["When", applied.at === null ? "never" : <Ago key="w" at={applied.at} />],
				]}
			/>
		</Panel>
	);
}

function AppliedWord({ applied }: { readonly applied: NodeAnswer["applied"] }) {
	if (applied.state === "failed") return <StateWord state="failed" />;
	if (applied.state === "applied" && applied.current === 1)
		return <StateWord state="optimal" word="up to date" />;
	if (applied.state === "applied") return <StateWord state="degraded" word="an older version" />;
	return <StateWord state="unknown" word={shown(applied.state)} />;
}
