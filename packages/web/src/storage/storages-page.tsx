import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRight } from "../session/use-session.ts";
import { ActionsMenu } from "../ui/actions-menu.tsx";
import { byName } from "../ui/by-name.ts";
import { counted } from "../ui/counted.ts";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button } from "../ui/kit.ts";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { Waiting } from "../ui/waiting.tsx";
import "./storage.css";
import type { StorageAnswer } from "./answers.ts";
import { ScanIscsi } from "./scan-iscsi.tsx";
import { StorageDialogs, type StorageWork } from "./storage-dialogs.tsx";
import { storagesQuery } from "./storage-queries.ts";
import { problemsOf, type StorageReport, storageOnNodes, storageState, usageOf } from "./storage-state.ts";
import { UsageBar } from "./usage-bar.tsx";
import { useStorageReports } from "./use-storage-reports.ts";

const maxProblems = 4;

/** Every storage, with its state on the nodes and its usage. */
export function StoragesPage() {
	const storages = useQuery({ ...storagesQuery, refetchInterval: 15_000 });
	const mayAllocate = useRight("Datastore.Allocate");
	const [work, setWork] = useState<StorageWork | null>(null);
	const { reports, refresh } = useStorageReports();
	const [isScanning, setScanning] = useState(false);
	const online = (reports ?? []).flatMap(({ node, isOnline }) => (isOnline ? [node] : []));
	return (
		<>
			<header className="page-head">
				<h1>Storage</h1>
				<div className="row-of push">
					<Button size="compact-sm" variant="default" onClick={refresh}>
						Refresh
					</Button>
					{mayAllocate ? (
						<Button size="compact-sm" variant="default" onClick={() => setScanning(true)}>
							Discover iSCSI targets
						</Button>
					) : null}
					{mayAllocate && storages.data !== undefined ? (
						<Button size="compact-sm" onClick={() => setWork({ kind: "add" })}>
							Add storage
						</Button>
					) : null}
				</div>
			</header>
			<Loaded answer={storages} problem="The storages could not be read.">
				{(stored) => (
					<>
						{reports === null ? (
							<Waiting />
						) : (
							<StorageList stored={stored} reports={reports} onWork={mayAllocate ? setWork : null} />
						)}
						{work === null ? null : (
							<StorageDialogs work={work} stored={stored} onClose={() => setWork(null)} />
						)}
					</>
				)}
			</Loaded>
			{isScanning ? <ScanIscsi nodes={online} onClose={() => setScanning(false)} /> : null}
		</>
	);
}

function StorageList({
	stored,
	reports,
	onWork,
}: {
	readonly stored: readonly StorageAnswer[];
	readonly reports: readonly StorageReport[];
	/** Null: the user may not. */
	readonly onWork: ((work: StorageWork) => void) | null;
}) {
	return (
		<Panel title={stored.length === 0 ? "Storages" : counted(stored.length, "storage")} wide>
			<List
				label="Table of storages"
				thing="storage"
				className="storages"
				rows={stored}
				keyOf={({ storage }) => storage}
				columns={columnsOf(reports)}
				empty={<NoStorage onAdd={onWork === null ? null : () => onWork({ kind: "add" })} />}
				actions={onWork === null ? null : (storage) => <StorageActions storage={storage} onWork={onWork} />}
			/>
		</Panel>
	);
}

function columnsOf(reports: readonly StorageReport[]): readonly Column<StorageAnswer>[] {
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
		{
			head: "State",
			cell: (storage) => {
				const states = storageOnNodes(storage, reports);
				return (
					<>
						<StateWord {...storageState(storage, states)} />
						<Problems problems={[...(storage.problems ?? []).map(shown), ...problemsOf(states)]} />
					</>
				);
			},
		},
		{
			head: "Usage",
			cell: (storage) => <UsageBar usage={usageOf(storage, storageOnNodes(storage, reports))} />,
		},
		{
			head: "Type",
			cell: ({ type, shared }) => (
				<>
					{shown(type)}
					{shared === 1 ? <div className="more">shared</div> : null}
				</>
			),
			compare: (a, b) => byName(a.type, b.type),
		},
		{ head: "Content", cell: ({ content }) => shown(content.replaceAll(",", ", ")) },
	];
}

function StorageActions({
	storage,
	onWork,
}: {
	readonly storage: StorageAnswer;
	readonly onWork: (work: StorageWork) => void;
}) {
	const name = shown(storage.storage);
	return (
		<>
			{storage.left_out === 1 ? null : (
				<RowButton
					text="Change"
					label={`Change ${name}`}
					onClick={() => onWork({ kind: "change", storage })}
				/>
			)}
			<ActionsMenu
				label={`More for ${name}`}
				actions={[{ value: "remove", text: "Remove", isDanger: true }]}
				onChoose={(kind) => onWork({ kind, storage })}
			/>
		</>
	);
}

/** What is wrong with its section, and on which nodes. */
function Problems({ problems }: { readonly problems: readonly string[] }) {
	if (problems.length === 0) return null;
	return (
		<ul className="reasons more">
			{problems.slice(0, maxProblems).map((text) => (
				<li key={text}>{text}</li>
			))}
			{problems.length > maxProblems ? <li>and {problems.length - maxProblems} more</li> : null}
		</ul>
	);
}

/** `onAdd`: null for a user who may not. */
function NoStorage({ onAdd }: { readonly onAdd: (() => void) | null }) {
	return (
		<EmptyPlace place="noStorage">
			{onAdd === null ? (
				"a user who may allocate storages can do that"
			) : (
				<Button size="compact-sm" variant="default" onClick={onAdd}>
					Add the first storage
				</Button>
			)}
		</EmptyPlace>
	);
}
