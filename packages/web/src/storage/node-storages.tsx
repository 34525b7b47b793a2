import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { byName } from "../ui/by-name.ts";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import type { NodeStorageAnswer } from "./answers.ts";
import { NodeStorageState } from "./node-storage-state.tsx";
import "./storage.css";
import { nodeStoragesQuery } from "./storage-queries.ts";
import { storageOnNode } from "./storage-state.ts";
import { UsageBar } from "./usage-bar.tsx";

/** The storages of a node, with their state there now. */
export function NodeStorages({ node, isOnline }: { readonly node: string; readonly isOnline: boolean }) {
	const storages = useQuery({
		...nodeStoragesQuery(node),
		enabled: isOnline,
		staleTime: 5_000,
		refetchInterval: 30_000,
	});
	return (
		<Panel title="Storages" wide>
			{isOnline ? (
				<Loaded
					answer={storages}
					problem="The storages of this node are unknown now."
					waiting={`Asking ${shown(node)} …`}
					isOldHidden
				>
					{(rows) => (
						<List
							label="Storages of the node"
							thing="storage"
							rows={rows}
							keyOf={({ storage }) => storage}
							columns={columnsOf(node, rows)}
							empty={<p>It has none, or none that you may see.</p>}
						/>
					)}
				</Loaded>
			) : (
				<p>Unknown.</p>
			)}
		</Panel>
	);
}

function columnsOf(
	node: string,
	storages: readonly NodeStorageAnswer[],
): readonly Column<NodeStorageAnswer>[] {
	const report = { node, isOnline: true, storages, problem: null };
	return [
		{
			head: "Storage",
			cell: ({ storage }) => (
				<Link to="/storage/$storage" params={{ storage }}>
					{shown(storage)}
				</Link>
			),
			compare: (a, b) => byName(a.storage, b.storage),
		},
		{ head: "State", cell: ({ storage }) => <NodeStorageState storage={storageOnNode(storage, report)} /> },
		{
			head: "Usage",
			cell: ({ active, used, total }) => (
				<UsageBar usage={active === 1 && total > 0 ? { used, total, node: null } : null} />
			),
		},
		{ head: "Type", cell: ({ type }) => shown(type), compare: (a, b) => byName(a.type, b.type) },
	];
}
