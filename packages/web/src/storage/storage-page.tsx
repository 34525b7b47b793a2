import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useRight } from "../session/use-session.ts";
import { Button } from "../ui/kit.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Empty, Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { Waiting } from "../ui/waiting.tsx";
import { Content } from "./content.tsx";
import { RemoveStorage } from "./remove-storage.tsx";
import "./storage.css";
import type { StorageAnswer } from "./answers.ts";
import { StorageDialogs } from "./storage-dialogs.tsx";
import { StorageFacts } from "./storage-facts.tsx";
import { StorageNodes } from "./storage-nodes.tsx";
import { storagesQuery } from "./storage-queries.ts";
import { type StorageReport, storageOnNodes, storageState } from "./storage-state.ts";
import { useStorageReports } from "./use-storage-reports.ts";

const route = getRouteApi("/storage/$storage");

/** One storage: its settings, its state on each node, and its volumes. */
export function StoragePage() {
	const { storage: id } = route.useParams();
	const storages = useQuery({ ...storagesQuery, refetchInterval: 15_000 });
	const { reports, refresh } = useStorageReports();
	return (
		<Loaded answer={storages} problem="The storages could not be read.">
			{(stored) => {
				const storage = stored.find((one) => one.storage === id);
				if (storage === undefined)
					return (
						<Empty title={`There is no storage ${shown(id)}, or none that you may see.`}>
							<Link to="/storage">See all storages</Link>
						</Empty>
					);
				if (reports === null) return <Waiting />;
				return <Storage key={id} storage={storage} stored={stored} reports={reports} onRefresh={refresh} />;
			}}
		</Loaded>
	);
}

function Storage({
	storage,
	stored,
	reports,
	onRefresh,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
	readonly reports: readonly StorageReport[];
	readonly onRefresh: () => void;
}) {
	const states = storageOnNodes(storage, reports);
	const { problems = [] } = storage;
	return (
		<div className="pages">
			<header className="page-head">
				<h1>{shown(storage.storage)}</h1>
				<StateWord {...storageState(storage, states)} />
				<StorageActions storage={storage} stored={stored} />
			</header>
			{problems.length === 0 ? null : (
				<Notice kind="warning" title="Its section in storage.cfg is not fully understood.">
					<ul>
						{problems.map((problem) => (
							<li key={problem}>{shown(problem)}</li>
						))}
					</ul>
				</Notice>
			)}
			<div className="side-by-side">
				<Panel title="Properties">
					<StorageFacts storage={storage} stored={stored} />
				</Panel>
				<Panel title="On each node" wide aside={<RowButton text="Refresh" onClick={onRefresh} />}>
					<StorageNodes states={states} />
				</Panel>
			</div>
			<Content storage={storage} stored={stored} states={states} />
		</div>
	);
}

function StorageActions({
	storage,
	stored,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
}) {
	const navigate = useNavigate();
	const mayAllocate = useRight("Datastore.Allocate");
	const [work, setWork] = useState<"change" | "remove" | null>(null);
	const close = () => setWork(null);
	if (!mayAllocate) return null;
	return (
		<div className="row-of push">
			{storage.left_out === 1 ? null : (
				<Button size="compact-sm" variant="default" onClick={() => setWork("change")}>
					Change
				</Button>
			)}
			<RowButton text="Remove" kind="danger" onClick={() => setWork("remove")} />
			{work === "change" ? (
				<StorageDialogs work={{ kind: "change", storage }} stored={stored} onClose={close} />
			) : null}
			{work === "remove" ? (
				<RemoveStorage
					storage={storage}
					onClose={close}
					onRemoved={() => void navigate({ to: "/storage" })}
				/>
			) : null}
		</div>
	);
}
