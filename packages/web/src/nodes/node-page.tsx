import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { mapsQuery, nodeQuery } from "../api/queries.ts";
import { LogList } from "../events/log-list.tsx";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { NodeStorages } from "../storage/node-storages.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Button } from "../ui/kit.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import { Simulated } from "../ui/simulated.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { NodeMaps } from "./node-maps.tsx";
import { nodeState } from "./node-state.ts";
import { NodeStatus } from "./node-status.tsx";
import { NodeTasks } from "./node-tasks.tsx";
import { RemoveNode } from "./remove-node.tsx";
import "./nodes.css";
import { simulatedAmongReal } from "./simulated-nodes.ts";

const route = getRouteApi("/nodes/$node");
const freshMs = 4000;

/** One host: its agent and multipathd, the configuration that it applied, and its maps. */
export function NodePage() {
	const { node } = route.useParams();
	const status = useQuery({ ...nodeQuery(node), refetchInterval: freshMs });
	return (
		<div className="pages" key={node}>
			<NodeHead node={node} isOffline={status.data?.online === 0} />
			<Loaded
				answer={status}
				problem="The state of this node could not be read."
				waiting={`Asking for ${shown(node)} …`}
			>
				{(answer) => <NodeStatus status={answer} />}
			</Loaded>
			<Disks node={node} />
			<NodeStorages node={node} isOnline={status.data?.online === 1} />
			<NodeTasks node={node} />
			<Panel title="Events of this node" wide>
				<LogList filter={{ node }} />
			</Panel>
		</div>
	);
}

function NodeHead({ node, isOffline }: { readonly node: string; readonly isOffline: boolean }) {
	const { picture, link } = useFleet();
	const mayModify = useRight("Sys.Modify");
	const [isRemoving, setRemoving] = useState(false);
	const column = picture.nodes.findIndex((one) => one.node === node);
	return (
		<header className="page-head">
			<h1>{shown(node)}</h1>
			{column < 0 ? null : <StateWord state={nodeState(picture, column, link === "lost")} />}
			{simulatedAmongReal(picture).has(node) ? (
				<Simulated what={`Host ${shown(node)} is simulated.`} />
			) : null}
			{mayModify && isOffline ? (
				<Button variant="default" size="xs" onClick={() => setRemoving(true)}>
					Remove from the fleet …
				</Button>
			) : null}
			{isRemoving && mayModify ? <RemoveNode node={node} onClose={() => setRemoving(false)} /> : null}
		</header>
	);
}

function Disks({ node }: { readonly node: string }) {
	const maps = useQuery({ ...mapsQuery(node), refetchInterval: freshMs });
	const [filter, setFilter] = useState("");
	return (
		<Panel
			title="Disks"
			wide
			aside={
				<FilterField label="Filter maps" count={maps.data?.length ?? 0} value={filter} onChange={setFilter} />
			}
		>
			<Loaded answer={maps} problem="The maps of this node are unknown now." isOldHidden>
				{(rows) => <NodeMaps maps={rows} filter={filter} />}
			</Loaded>
		</Panel>
	);
}
