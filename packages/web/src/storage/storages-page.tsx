import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRight } from "../session/use-session.ts";
import { ActionsMenu } from "../ui/actions-menu.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button, Loader } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { counted, shown } from "../ui/words.ts";
import { onNodes, standingOf, troublesOf, usageOf } from "./standing.ts";
import "../config/config.css";
import "./storage.css";
import type { StorageAnswer } from "./answers.ts";
import { ScanIscsi } from "./scan-iscsi.tsx";
import { StorageDialogs, type Wanted } from "./storage-dialogs.tsx";
import { storagesQuery } from "./storage-queries.ts";
import { UsageBar } from "./usage-bar.tsx";
import { useSaid } from "./use-said.ts";

const mostTroubles = 4;

/** Every storage: what it is, how it stands on the nodes, and how full it is. */
export function StoragesPage() {
	const { data, error } = useQuery({ ...storagesQuery, refetchInterval: 15_000 });
	const mayAllocate = useRight("Datastore.Allocate");
	const [wanted, setWanted] = useState<Wanted | null>(null);
	const { said, askAgain } = useSaid();
	const [isScanning, setScanning] = useState(false);
	const online = (said ?? []).flatMap(({ node, isOnline }) => (isOnline ? [node] : []));
	return (
		<>
			<header className="page-head">
				<h1>Storage</h1>
				<div className="row-of push">
					<Button size="compact-sm" variant="default" onClick={askAgain}>
						Ask the nodes again
					</Button>
					{mayAllocate ? (
						<Button size="compact-sm" variant="default" onClick={() => setScanning(true)}>
							Ask an iSCSI portal
						</Button>
					) : null}
					{mayAllocate && data !== undefined ? (
						<Button size="compact-sm" onClick={() => setWanted({ kind: "add" })}>
							Add storage
						</Button>
					) : null}
				</div>
			</header>
			{error === null ? null : <Problem what="The storages could not be read." error={error} />}
			{(data === undefined && error === null) || (data !== undefined && said === null) ? (
				<div className="waiting">
					<Loader size="sm" /> Reading …
				</div>
			) : null}
			{data === undefined || said === null ? null : (
				<Panel title={data.length === 0 ? "Storages" : counted(data.length, "storage")} wide>
					{data.length === 0 ? (
						<NoStorage onAdd={mayAllocate ? () => setWanted({ kind: "add" }) : null} />
					) : (
						<Scroll label="Table of storages">
							<table className="list storages">
								<TableHead
									columns={["Storage", "State", "Usage", "Type", "Holds"]}
									hasActions={mayAllocate}
								/>
								<tbody>
									{data.map((storage) => {
										const places = onNodes(storage, said);
										return (
											<tr key={storage.storage}>
												<td>
													<Link to="/storage/$storage" params={{ storage: storage.storage }}>
														{shown(storage.storage)}
													</Link>
												</td>
												<td>
													<StateWord {...stateOf(storage, places)} />
													<Troubles storage={storage} troubles={troublesOf(places)} />
												</td>
												<td>
													<UsageBar usage={usageOf(storage, places)} />
												</td>
												<td>
													{shown(storage.type)}
													{storage.shared === 1 ? <div className="more">shared</div> : null}
												</td>
												<td>{shown(storage.content.replaceAll(",", ", "))}</td>
												{mayAllocate ? (
													<td className="tight">
														{storage.left_out === 1 ? null : (
															<Button
																size="compact-sm"
																variant="subtle"
																aria-label={`Change ${shown(storage.storage)}`}
																onClick={() => setWanted({ kind: "change", storage })}
															>
																Change
															</Button>
														)}
														<ActionsMenu
															label={`More for ${shown(storage.storage)}`}
															actions={[{ value: "remove", text: "Remove", isDanger: true }]}
															onChoose={(kind) => setWanted({ kind, storage })}
														/>
													</td>
												) : null}
											</tr>
										);
									})}
								</tbody>
							</table>
						</Scroll>
					)}
				</Panel>
			)}
			{isScanning ? <ScanIscsi nodes={online} onClose={() => setScanning(false)} /> : null}
			{wanted === null || data === undefined ? null : (
				<StorageDialogs wanted={wanted} stored={data} onClose={() => setWanted(null)} />
			)}
		</>
	);
}

function stateOf(storage: StorageAnswer, places: ReturnType<typeof onNodes>) {
	const { look, word } = standingOf(storage, places);
	return { state: look, word };
}

/** What is not understood of its section, and where it is not as it should be. */
function Troubles({
	storage: { problems = [] },
	troubles,
}: {
	readonly storage: StorageAnswer;
	readonly troubles: readonly string[];
}) {
	const all = [...problems.map(shown), ...troubles];
	if (all.length === 0) return null;
	return (
		<ul className="reasons more">
			{all.slice(0, mostTroubles).map((text) => (
				<li key={text}>{text}</li>
			))}
			{all.length > mostTroubles ? <li>and {all.length - mostTroubles} more</li> : null}
		</ul>
	);
}

/** `onAdd`: null for who may not. */
function NoStorage({ onAdd }: { readonly onAdd: (() => void) | null }) {
	return (
		<EmptyPlace place="noStorage">
			{onAdd === null ? (
				"somebody who may allocate storages can do that"
			) : (
				<Button size="compact-sm" variant="default" onClick={onAdd}>
					Add the first storage
				</Button>
			)}
		</EmptyPlace>
	);
}
