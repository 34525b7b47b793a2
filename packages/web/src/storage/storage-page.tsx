import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useRight } from "../session/use-session.ts";
import { Button, Loader } from "../ui/kit.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { shown } from "../ui/words.ts";
import { Content } from "./content.tsx";
import { RemoveStorage } from "./remove-storage.tsx";
import { onNodes, standingOf } from "./standing.ts";
import "../config/config.css";
import "./storage.css";
import type { StorageAnswer } from "./answers.ts";
import { StorageDialogs } from "./storage-dialogs.tsx";
import { StorageFacts } from "./storage-facts.tsx";
import { StorageNodes } from "./storage-nodes.tsx";
import { storagesQuery } from "./storage-queries.ts";
import { useSaid } from "./use-said.ts";

const route = getRouteApi("/storage/$storage");

/** One storage: what it is, how it stands on each node, and its volumes. */
export function StoragePage() {
	const { storage: id } = route.useParams();
	const { data, error } = useQuery({ ...storagesQuery, refetchInterval: 15_000 });
	const storage = data?.find((one) => one.storage === id);
	if (storage !== undefined && data !== undefined)
		return <Storage key={id} storage={storage} stored={data} />;
	if (error !== null) return <Problem what="The storages could not be read." error={error} />;
	if (data === undefined)
		return (
			<div className="waiting">
				<Loader size="sm" /> Reading …
			</div>
		);
	return (
		<Empty title={`There is no storage ${shown(id)}, or none that you may see.`}>
			<Link to="/storage">See all storages</Link>
		</Empty>
	);
}

function Storage({
	storage,
	stored,
}: {
	readonly storage: StorageAnswer;
	readonly stored: readonly StorageAnswer[];
}) {
	const { said, askAgain } = useSaid();
	const places = onNodes(storage, said ?? []);
	const { look, word } = standingOf(storage, places);
	const mayAllocate = useRight("Datastore.Allocate");
	const navigate = useNavigate();
	const [wanted, setWanted] = useState<"change" | "remove" | null>(null);
	const close = () => setWanted(null);
	const problems = storage.problems ?? [];
	if (said === null)
		return (
			<div className="waiting">
				<Loader size="sm" /> Reading …
			</div>
		);
	return (
		<div className="pages">
			<header className="page-head">
				<h1>{shown(storage.storage)}</h1>
				<StateWord state={look} word={word} />
				{mayAllocate ? (
					<div className="row-of push">
						{storage.left_out === 1 ? null : (
							<Button size="compact-sm" variant="default" onClick={() => setWanted("change")}>
								Change
							</Button>
						)}
						<Button size="compact-sm" variant="subtle" color="red" onClick={() => setWanted("remove")}>
							Remove
						</Button>
					</div>
				) : null}
			</header>
			{problems.length === 0 ? null : (
				<Notice kind="warning" title="Something in its section is not understood.">
					<ul>
						{problems.map((problem) => (
							<li key={problem}>{shown(problem)}</li>
						))}
					</ul>
				</Notice>
			)}
			<div className="side-by-side">
				<Panel title="What it is">
					<StorageFacts storage={storage} stored={stored} />
				</Panel>
				<Panel
					title="On each node"
					wide
					aside={
						<Button size="compact-sm" variant="subtle" onClick={askAgain}>
							Ask again
						</Button>
					}
				>
					<StorageNodes places={places} />
				</Panel>
			</div>
			<Content storage={storage} stored={stored} places={places} />
			{wanted === "change" ? (
				<StorageDialogs wanted={{ kind: "change", storage }} stored={stored} onClose={close} />
			) : null}
			{wanted === "remove" ? (
				<RemoveStorage
					storage={storage}
					onClose={close}
					onRemoved={() => void navigate({ to: "/storage" })}
				/>
			) : null}
		</div>
	);
}
