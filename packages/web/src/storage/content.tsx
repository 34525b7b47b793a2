import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useRight } from "../session/use-session.ts";
import { Button, Loader, NativeSelect, TextInput } from "../ui/kit.ts";
import { Empty } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/words.ts";
import type { StorageAnswer, VolumeAnswer } from "./answers.ts";
import { CreateVolume } from "./create-volume.tsx";
import { isOfLuns } from "./is-of-luns.ts";
import type { OnNode } from "./standing.ts";
import { contentQuery } from "./storage-queries.ts";
import { VolumeDialogs } from "./volume-dialogs.tsx";
import { VolumeTable } from "./volume-table.tsx";
import type { VolumeWork } from "./volume-work.ts";

const few = 8;

interface Wanted {
	readonly volume: VolumeAnswer;
	readonly work: VolumeWork;
}

/** The volumes of a storage, as one of its nodes sees them. */
export function Content({
	storage,
	stored,
	places,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
	readonly places: readonly OnNode[];
}) {
	const id = storage.storage;
	const nodes = places.filter(({ kind }) => kind === "active").map(({ node }) => node);
	const [wantedNode, setNode] = useState<string | null>(null);
	// Another node that answers later must not change what is shown.
	const teller = useRef<string | null>(null);
	teller.current = nodes.find((name) => name === (wantedNode ?? teller.current)) ?? nodes[0] ?? null;
	const node = teller.current;
	const { data, error, isFetching } = useQuery({
		...contentQuery(node ?? "", id),
		enabled: node !== null,
		refetchInterval: 15_000,
	});
	const [filter, setFilter] = useState("");
	const [isCreating, setCreating] = useState(false);
	const [wanted, setWanted] = useState<Wanted | null>(null);
	const mayUseSpace = useRight("Datastore.AllocateSpace");
	const isChosen = isOfLuns(storage);
	const holdsImages = storage.content.split(",").some((kind) => kind === "images" || kind === "rootdir");
	const mayChange = mayUseSpace && !isChosen && node !== null;
	const volumes = (data ?? []).filter(({ volid }) => volid.toLowerCase().includes(filter.toLowerCase()));
	return (
		<Panel
			title={`Content${data === undefined ? "" : ` · ${data.length.toLocaleString("en")}`}`}
			wide
			aside={
				<div className="row-of">
					{data !== undefined && data.length > few ? (
						<TextInput
							size="xs"
							aria-label="Filter volumes"
							placeholder="Filter"
							value={filter}
							onChange={(event) => setFilter(event.currentTarget.value)}
						/>
					) : null}
					{nodes.length > 1 ? (
						<NativeSelect
							size="xs"
							aria-label="Node that tells of the volumes"
							value={node ?? ""}
							onChange={(event) => setNode(event.currentTarget.value)}
							data={nodes.map((name) => ({ value: name, label: `as ${shown(name)} sees it` }))}
						/>
					) : null}
					{mayChange && holdsImages ? (
						<Button size="compact-sm" onClick={() => setCreating(true)}>
							Create volume
						</Button>
					) : null}
				</div>
			}
		>
			{error === null ? null : (
				<div className="padded">
					<Problem what={`What ${shown(node ?? "")} has of it is not known now.`} error={error} />
				</div>
			)}
			{node === null ? (
				<Empty
					title={
						places.some(({ kind }) => kind === "asking") ? "Asking the nodes …" : "Its volumes are not known."
					}
				>
					{places.some(({ kind }) => kind === "asking") ? "" : "No node has it active."}
				</Empty>
			) : null}
			{node !== null && data === undefined && isFetching ? (
				<div className="waiting">
					<Loader size="sm" /> Asking {shown(node)} …
				</div>
			) : null}
			{data === undefined || (data.length === 0 && error !== null) ? null : data.length === 0 ? (
				<Empty title="It holds nothing yet.">
					{isChosen
						? "LUNs that are allowed under Configuration appear here as soon as they have a map."
						: "Volumes of guests appear here."}
				</Empty>
			) : (
				<VolumeTable
					storage={storage}
					stored={stored}
					volumes={volumes}
					onWork={mayChange ? (volume, work) => setWanted({ volume, work }) : null}
				/>
			)}
			{isCreating && node !== null ? (
				<CreateVolume storage={id} nodes={nodes} places={places} onClose={() => setCreating(false)} />
			) : null}
			{wanted === null || node === null ? null : (
				<VolumeDialogs {...wanted} storage={id} node={node} nodes={nodes} onClose={() => setWanted(null)} />
			)}
		</Panel>
	);
}
