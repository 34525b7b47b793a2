import { isLogWanted, type LogEntry, type LogFilter, liveRoutes, type Picture } from "@pathkeeper/model";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { client } from "../api/client.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { Ago, clockText, dayText, durationText, momentText } from "../ui/age.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { counted, shown } from "../ui/words.ts";
import "./events.css";

const page = 50;

/** The log of the fleet, newest first; what happens now comes in on top. */
export function LogList({ filter }: { readonly filter: LogFilter }) {
	const { news, missedLogs, picture } = useFleet();
	const queries = useQueryClient();
	const key = ["log", filter];
	const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, isPending } = useInfiniteQuery({
		queryKey: key,
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
	if (data === undefined)
		return error === null ? (
			<p className="hint">{isPending ? "Reading …" : ""}</p>
		) : (
			<Problem what="The log could not be read." error={error} />
		);
	const entries = merged(
		news.filter((entry) => isLogWanted(entry, filter)),
		data.pages.flatMap((one) => one.entries),
	);
	if (entries.length === 0)
		return (
			<EmptyPlace place={Object.keys(filter).length === 0 ? "emptyLog" : "nothingInLog"}>
				{Object.keys(filter).length === 0 ? undefined : <Link to="/events">All events</Link>}
			</EmptyPlace>
		);
	return (
		<>
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
			{hasNextPage ? (
				<Button variant="subtle" m="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
					Show older
				</Button>
			) : null}
		</>
	);
}

type Shown = Omit<LogEntry, "kind"> & { readonly kind: string };

const looks = { error: "failed", warning: "degraded" } as const;

const mostLinks = 4;

function Entry({
	entry,
	day,
	luns: known,
}: {
	readonly entry: Shown;
	/** The day, where it is the first entry of one. */
	readonly day: string | null;
	readonly luns: Picture["luns"];
}) {
	const { severity, event, text, at, until, count, nodes, luns, details, by, from, unwatchedSince } = entry;
	const look =
		severity === "info"
			? event === "optimal" || event === "restored"
				? "optimal"
				: "unmanaged"
			: looks[severity];
	return (
		<li className={`entry ${severity}${day === null ? "" : " first"}`}>
			{day === null ? null : <h3 className="day">{day}</h3>}
			<StateMark state={look} />
			<div className="what">
				<div>
					<span className="sr-only">{severity}: </span>
					{shown(text)}
					{count > 1 ? <b className="times"> × {count}</b> : null}
				</div>
				<div className="more">
					<time
						dateTime={new Date(at).toISOString()}
						title={`${momentText(at)}; ${new Date(at).toISOString()}`}
					>
						{clockText(at)}
					</time>{" "}
					(<Ago at={at} />){until > at + 1000 ? ` for ${durationText((until - at) / 1000)}` : ""}
					{" · "}
					{entry.kind}
					{by === null ? "" : ` · by ${shown(by)}${from === null ? "" : ` from ${shown(from)}`}`}
					{unwatchedSince === null ? "" : ` · while nobody watched, since ${momentText(unwatchedSince)}`}
					{nodes.slice(0, mostLinks).map((node) => (
						<span key={node}>
							{" · "}
							<Link to="/nodes/$node" params={{ node }}>
								{shown(node)}
							</Link>
						</span>
					))}
					{nodes.length > mostLinks ? ` · and ${counted(nodes.length - mostLinks, "more node")}` : ""}
					{luns.slice(0, mostLinks).map((wwid) => (
						<span key={wwid}>
							{" · "}
							<Link to="/luns/$wwid" params={{ wwid }}>
								{shown(known.find((lun) => lun.wwid === wwid)?.alias ?? wwid)}
							</Link>
						</span>
					))}
					{luns.length > mostLinks ? ` · and ${counted(luns.length - mostLinks, "more LUN")}` : ""}
				</div>
				{details.length === 0 ? null : (
					<details>
						<summary>{counted(details.length, "detail")}</summary>
						<ul className="reasons">
							{details.map((detail) => (
								<li key={detail}>{shown(detail)}</li>
							))}
						</ul>
					</details>
				)}
			</div>
		</li>
	);
}

/** News replace what was read of the same id before. */
function merged(news: readonly Shown[], read: readonly Shown[]): readonly Shown[] {
	const all = new Map([...read, ...news].map((entry) => [entry.id, entry]));
	return [...all.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
