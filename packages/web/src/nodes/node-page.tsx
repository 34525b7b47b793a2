import { emptyPlaces } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { mapsQuery, type NodeAnswer, nodeQuery } from "../api/queries.ts";
import { LogList } from "../events/log-list.tsx";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { NodeStorages } from "../storage/node-storages.tsx";
import { Ago, durationText } from "../ui/age.tsx";
import { NextStep } from "../ui/empty-place.tsx";
import { Button, Loader, TextInput } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Simulated } from "../ui/simulated.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { shown } from "../ui/words.ts";
import { Findings } from "./findings.tsx";
import { nodeLook } from "./node-look.ts";
import { NodeMaps } from "./node-maps.tsx";
import { NodeTasks } from "./node-tasks.tsx";
import { RemoveNode } from "./remove-node.tsx";
import "./nodes.css";
import { simulatedAmongReal } from "./simulated-nodes.ts";

const route = getRouteApi("/nodes/$node");
const freshMs = 4000;

/** One host: what runs there, what it applied, and its maps. */
export function NodePage() {
	const { node } = route.useParams();
	const { picture, link } = useFleet();
	const mayModify = useRight("Sys.Modify");
	const [isRemoving, setRemoving] = useState(false);
	const column = picture.nodes.findIndex((one) => one.node === node);
	const { data, error, isPending } = useQuery({ ...nodeQuery(node), refetchInterval: freshMs });
	return (
		<div className="pages" key={node}>
			<header className="page-head">
				<h1>{shown(node)}</h1>
				{column < 0 ? null : <StateWord state={nodeLook(picture, column, link === "lost")} />}
				{simulatedAmongReal(picture).has(node) ? (
					<Simulated what={`Host ${shown(node)} is simulated.`} />
				) : null}
				<span className="more">the worst of the node and its LUNs</span>
				{mayModify && data?.online === 0 ? (
					<Button variant="default" size="xs" onClick={() => setRemoving(true)}>
						Remove from the fleet …
					</Button>
				) : null}
			</header>
			{isRemoving && mayModify ? <RemoveNode node={node} onClose={() => setRemoving(false)} /> : null}
			{error === null ? null : <Problem what="The state of this node could not be read." error={error} />}
			{isPending ? (
				<div className="waiting">
					<Loader size="sm" /> Asking for {shown(node)} …
				</div>
			) : null}
			{data === undefined ? null : <Status status={data} />}
			<Disks node={node} />
			<NodeStorages node={node} isOnline={data?.online === 1} />
			<NodeTasks node={node} />
			<Panel title="What happened here" wide>
				<LogList filter={{ node }} />
			</Panel>
		</div>
	);
}

function Status({ status }: { readonly status: NodeAnswer }) {
	const { multipathd, applied, age } = status;
	const isOnline = status.online === 1;
	return (
		<>
			{isOnline ? null : (
				<Notice kind="warning" title={emptyPlaces.silentAgent.title}>
					<NextStep place="silentAgent" />
					<p>A host that is gone for good can be removed from the fleet.</p>
				</Notice>
			)}
			{isOnline && multipathd.state !== "running" ? (
				<Notice kind="warning" title={emptyPlaces.silentDaemon.title}>
					<NextStep place="silentDaemon" />
				</Notice>
			) : null}
			<div className="side-by-side">
				<Panel title="Status">
					<Facts
						rows={[
							[
								"Agent",
								isOnline ? (
									<StateWord key="a" state="optimal" word="online" />
								) : (
									<StateWord key="a" state="unknown" word="not heard" />
								),
							],
							[
								"multipathd",
								multipathd.state === "running" ? (
									<StateWord key="m" state="optimal" word="running" />
								) : (
									<span key="m">
										<StateWord state="unknown" word={shown(multipathd.state)} />{" "}
										{multipathd.problem === null ? "" : shown(multipathd.problem)}
									</span>
								),
							],
							["multipath-tools", multipathd.version === null ? "not known" : shown(multipathd.version)],
							["Agent's version", shown(status.agent)],
							["Last change", age === null ? "no report" : `${durationText(age)} ago`],
							...(status.settling === 1 ? [["Now", "settling: maps may still change"] as const] : []),
							...(status.simulated === 1 ? [["Host", "simulated"] as const] : []),
						]}
					/>
				</Panel>
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
			</div>
			<Findings node={status.node} status={status} />
		</>
	);
}

function AppliedWord({ applied }: { readonly applied: NodeAnswer["applied"] }) {
	if (applied.state === "failed") return <StateWord state="failed" />;
	if (applied.state === "applied" && applied.current === 1)
		return <StateWord state="optimal" word="the current one" />;
	if (applied.state === "applied") return <StateWord state="degraded" word="an older one" />;
	return <StateWord state="unknown" word={shown(applied.state)} />;
}

function Disks({ node }: { readonly node: string }) {
	const { data, error, isPending } = useQuery({ ...mapsQuery(node), refetchInterval: freshMs });
	const [filter, setFilter] = useState("");
	return (
		<Panel
			title="Disks"
			wide
			aside={
				data === undefined || data.length < 8 ? undefined : (
					<TextInput
						size="xs"
						placeholder="Filter maps"
						aria-label="Filter maps"
						value={filter}
						onChange={(event) => setFilter(event.currentTarget.value)}
					/>
				)
			}
		>
			{error === null ? null : (
				<div className="padded">
					<Problem what="The maps of this node are not known now." error={error} />
				</div>
			)}
			{isPending ? <p>Reading …</p> : null}
			{data === undefined || error !== null ? null : <NodeMaps maps={data} filter={filter} />}
		</Panel>
	);
}
