import { isLogWanted, type LogFilter, liveRoutes } from "@pathkeeper/model";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { client } from "../api/client.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { dayText } from "../ui/age.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Older } from "../ui/older.tsx";
import "./events.css";
import { Entry, type ShownEntry } from "./log-entry.tsx";

const page = 50;

/** The log of the fleet, newest first; new entries appear on top. */
export function LogList({ filter }: { readonly filter: LogFilter }) {
	const { news, missedLogs } = useFleet();
	const queries = useQueryClient();
	const log = useInfiniteQuery({
		queryKey: ["log", filter],
		queryFn: ({ pageParam }) =>
			client.call(liveRoutes.getLog, {
				...filter,
				limit: page,
				...(pageParam === null ? {} : { before: pageParam }),
			}),
		initialPageParam: null as string | null,
		getNextPageParam: ({ next }) => next,
		refetchInterval: 60_000,
	});
	useEffect(() => {
		if (missedLogs > 0) void queries.invalidateQueries({ queryKey: ["log"] });
	}, [missedLogs, queries]);
	return (
		<Loaded answer={log} problem="The log could not be read.">
			{({ pages }) => (
				<>
					<Entries
						entries={merged(
							news.filter((entry) => isLogWanted(entry, filter)),
							pages.flatMap((one) => one.entries),
						)}
						isFiltered={Object.keys(filter).length > 0}
					/>
					<Older pages={log} />
				</>
			)}
		</Loaded>
	);
}

function Entries({
	entries,
	isFiltered,
}: {
	readonly entries: readonly ShownEntry[];
	readonly isFiltered: boolean;
}) {
	const { picture } = useFleet();
	if (entries.length === 0)
		return isFiltered ? (
			<EmptyPlace place="nothingInLog">
				<Link to="/events">All events</Link>
			</EmptyPlace>
		) : (
			<EmptyPlace place="emptyLog" />
		);
	return (
		<ol className="log">
			{entries.map((entry, at) => {
				const day = dayText(entry.at);
				const before = entries[at - 1];
				return (
					<Entry
						key={entry.id}
						entry={entry}
						day={before === undefined || dayText(before.at) !== day ? day : null}
						luns={picture.luns}
					/>
				);
			})}
		</ol>
	);
}

/** An entry of the news replaces the one that was read with the same id. */
function merged(news: readonly ShownEntry[], read: readonly ShownEntry[]): readonly ShownEntry[] {
	const all = new Map([...read, ...news].map((entry) => [entry.id, entry]));
	return [...all.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
