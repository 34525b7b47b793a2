import { accessRoutes, type ResultOf } from "@pathkeeper/model";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { pageRuntime } from "../runtime.ts";
import { Ago, durationText } from "../ui/age.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Older } from "../ui/older.tsx";
import { Panel } from "../ui/panel.tsx";
import { shown } from "../ui/shown.ts";
import { type AuditFilter, AuditFilters, auditFilter, noFilter } from "./audit-filters.tsx";

type AuditRow = ResultOf<typeof accessRoutes.readAudit>[number];

const page = 100;

/** Who changed what, and who was refused, newest first. */
export function Audit() {
	const [typed, setTyped] = useState(noFilter);
	const filter = auditFilter(typed, pageRuntime.now());
	return (
		<>
			<AuditFilters value={typed} onChange={setTyped} />
			<Panel title="Who changed what, and who was refused" wide>
				<Records key={JSON.stringify(filter)} filter={filter} />
			</Panel>
		</>
	);
}

function Records({ filter }: { readonly filter: AuditFilter }) {
	const records = useInfiniteQuery({
		queryKey: ["audit", filter],
		queryFn: ({ pageParam }) =>
			client.call(accessRoutes.readAudit, {
				...filter,
				limit: page,
				...(pageParam === null ? {} : { before: pageParam }),
			}),
		initialPageParam: null as string | null,
		getNextPageParam: (rows) => (rows.length < page ? null : (rows.at(-1)?.id ?? null)),
		refetchInterval: 10_000,
	});
	return (
		<Loaded answer={records} problem="The audit could not be read.">
			{({ pages }) => (
				<>
					<List
						label="Audit"
						thing="record"
						rows={pages.flat()}
						keyOf={({ id }) => id}
						columns={columns}
						first={Number.POSITIVE_INFINITY}
						empty={<EmptyPlace place="noAudit" />}
					/>
					<Older pages={records} />
				</>
			)}
		</Loaded>
	);
}

const columns: readonly Column<AuditRow>[] = [
	{
		head: "When",
		kind: "tight",
		cell: ({ time, until }) => (
			<>
				<Ago at={time * 1000} />
				{until > time + 1 ? <span className="more"> for {durationText(until - time)}</span> : null}
			</>
		),
	},
	{ head: "Who", cell: ({ user }) => shown(user) },
	{ head: "From", cell: ({ from }) => (from === null ? "local socket" : shown(from)) },
	{
		head: "What",
		cell: ({ what, count }) => (
			<>
				{shown(what)}
				{count > 1 ? <b> × {count}</b> : null}
			</>
		),
	},
	{
		head: "Subject",
		cell: ({ subject, detail }) => (
			<>
				{shown(subject)}
				{detail === "" ? null : <div className="more">{shown(detail)}</div>}
			</>
		),
	},
	{
		head: "Digest before and after",
		cell: ({ before, after }) =>
			before === null && after === null ? (
				""
			) : (
				<code title={`${before ?? ""} → ${after ?? ""}`}>
					{short(before)} → {short(after)}
				</code>
			),
	},
];

function short(digest: string | null): string {
	return digest === null || digest === "" ? "–" : digest.slice(0, 7);
}
