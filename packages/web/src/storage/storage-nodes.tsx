import { Link } from "@tanstack/react-router";
import { type Column, List } from "../ui/list.tsx";
import { Empty } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import { NodeStorageState } from "./node-storage-state.tsx";
import type { StorageOnNode } from "./storage-state.ts";
import { UsageBar } from "./usage-bar.tsx";

const few = 12;
const worstFirst: readonly StorageOnNode["kind"][] = ["inactive", "unknown", "asking", "active", "none"];

/** A storage on every node; of many nodes, those with problems come first. */
export function StorageNodes({ states }: { readonly states: readonly StorageOnNode[] }) {
	const rows =
		states.length <= few
			? states
			: states.toSorted((a, b) => worstFirst.indexOf(a.kind) - worstFirst.indexOf(b.kind));
	return (
		<List
			label="The storage on each node"
			thing="node"
			rows={rows}
			keyOf={({ node }) => node}
			columns={columns}
			first={few}
			empty={
				<Empty title="There is no node that you may see.">
					With the privilege to see nodes, the state on each node is shown here.
				</Empty>
			}
		/>
	);
}

const columns: readonly Column<StorageOnNode>[] = [
	{
		head: "Node",
		cell: ({ node }) => (
			<Link to="/nodes/$node" params={{ node }}>
				{shown(node)}
			</Link>
		),
	},
	{ head: "State", cell: (storage) => <NodeStorageState storage={storage} /> },
	{
		head: "Usage",
		cell: (storage) => (
			<UsageBar
				usage={
					storage.kind === "active" && storage.total > 0
						? { used: storage.used, total: storage.total, node: null }
						: null
				}
			/>
		),
	},
];
