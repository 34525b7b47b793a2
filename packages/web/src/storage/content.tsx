import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRight } from "../session/use-session.ts";
import { SelectField } from "../ui/fields.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Button } from "../ui/kit.ts";
import { Empty } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/shown.ts";
import { Waiting } from "../ui/waiting.tsx";
import type { StorageAnswer, VolumeAnswer } from "./answers.ts";
import { CreateVolume } from "./create-volume.tsx";
import { isOfLuns } from "./is-of-luns.ts";
import { contentQuery } from "./storage-queries.ts";
import type { StorageOnNode } from "./storage-state.ts";
import { VolumeDialogs } from "./volume-dialogs.tsx";
import { VolumeTable } from "./volume-table.tsx";
import type { VolumeWork } from "./volume-work.ts";

interface ContentProps {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
	/** The storage on each node. */
	readonly states: readonly StorageOnNode[];
}

/** The volumes of a storage, as one of its nodes sees them. */
export function Content({ storage, stored, states }: ContentProps) {
	const nodes = states.filter(({ kind }) => kind === "active").map(({ node }) => node);
	const { node, setNode } = useShownNode(nodes);
	if (node !== null)
		return (
			<ContentOnNode
				storage={storage}
				stored={stored}
				states={states}
				nodes={nodes}
				node={node}
				onNode={setNode}
			/>
		);
	const isAsking = states.some(({ kind }) => kind === "asking");
	return (
		<Panel title="Content" wide>
			<Empty title={isAsking ? "Asking the nodes …" : "Its volumes are unknown."}>
				{isAsking ? "" : "It is not active on any node."}
			</Empty>
		</Panel>
	);
}

/** The node whose volumes are shown: the chosen one, else the first; one that answers later does not replace it. */
function useShownNode(nodes: readonly string[]) {
	const [chosen, setNode] = useState<string | null>(null);
	const [before, setBefore] = useState<string | null>(null);
	const node = nodes.find((name) => name === (chosen ?? before)) ?? nodes[0] ?? null;
	if (node !== before) setBefore(node);
	return { node, setNode };
}

function ContentOnNode({
	storage,
	stored,
	states,
	nodes,
	node,
	onNode,
}: ContentProps & {
	/** Nodes that have it active. */
	readonly nodes: readonly string[];
	readonly node: string;
	readonly onNode: (node: string) => void;
}) {
	const id = storage.storage;
	const { data, error } = useQuery({ ...contentQuery(node, id), refetchInterval: 15_000 });
	const [filter, setFilter] = useState("");
	const [isCreating, setCreating] = useState(false);
	const [chosen, setChosen] = useState<{ readonly volume: VolumeAnswer; readonly work: VolumeWork } | null>(
		null,
	);
	const mayChange = useRight("Datastore.AllocateSpace") && !isOfLuns(storage);
	return (
		<Panel
			title={`Content${data === undefined ? "" : ` · ${data.length.toLocaleString("en")}`}`}
			wide
			aside={
				<div className="row-of">
					<FilterField label="Filter volumes" count={data?.length ?? 0} value={filter} onChange={setFilter} />
					<ShownNode nodes={nodes} value={node} onChange={onNode} />
					{mayChange && hasImages(storage) ? (
						<Button size="compact-sm" onClick={() => setCreating(true)}>
							Create volume
						</Button>
					) : null}
				</div>
			}
		>
			<Problem what={`What ${shown(node)} has in it is unknown now.`} error={error} />
			{data === undefined && error === null ? <Waiting>Asking {shown(node)} …</Waiting> : null}
			{data === undefined || (data.length === 0 && error !== null) ? null : (
				<VolumeTable
					storage={storage}
					stored={stored}
					volumes={data}
					filter={filter}
					onWork={mayChange ? (volume, work) => setChosen({ volume, work }) : null}
				/>
			)}
			{isCreating ? (
				<CreateVolume storage={id} nodes={nodes} states={states} onClose={() => setCreating(false)} />
			) : null}
			{chosen === null ? null : (
				<VolumeDialogs {...chosen} storage={id} node={node} nodes={nodes} onClose={() => setChosen(null)} />
			)}
		</Panel>
	);
}

function ShownNode({
	nodes,
	value,
	onChange,
}: {
	readonly nodes: readonly string[];
	readonly value: string;
	readonly onChange: (node: string) => void;
}) {
	if (nodes.length < 2) return null;
	return (
		<SelectField
			size="xs"
			aria-label="Node that reports the volumes"
			value={value}
			onChange={onChange}
			data={nodes.map((name) => ({ value: name, label: `as ${shown(name)} sees it` }))}
		/>
	);
}

function hasImages({ content }: StorageAnswer): boolean {
	return content.split(",").some((kind) => kind === "images" || kind === "rootdir");
}
