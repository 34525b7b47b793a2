import { accessRoutes, auditKinds, type ResultOf } from "@pathkeeper/model";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { Ago, durationText } from "../ui/age.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button, NativeSelect, TextInput } from "../ui/kit.ts";
import { Empty } from "../ui/notice.tsx";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { shown } from "../ui/words.ts";

type AuditRow = ResultOf<typeof accessRoutes.readAudit>[number];

const page = 100;
const kindNames: Readonly<Record<(typeof auditKinds)[number], string>> = {
	access: "Users, tokens and roles",
	config: "Configuration",
	finding: "Acknowledged findings",
	login: "Failed logins",
	lun: "LUNs that are forgotten",
	node: "Nodes",
	refused: "Refused requests",
	task: "Tasks and their stops",
};
const spans: readonly (readonly [string, number])[] = [
	["everything that is kept", 0],
	["the last hour", 3600],
	["the last day", 86_400],
	["the last 30 days", 30 * 86_400],
];

/** Who changed what, and who was refused, newest first. */
export function Audit() {
	const [kind, setKind] = useState("");
	const [user, setUser] = useState("");
	const [span, setSpan] = useState("0");
	const known = auditKinds.find((word) => word === kind);
	const seconds = Number(span);
	const filter = {
		...(known === undefined ? {} : { kind: known }),
		...(user.trim() === "" ? {} : { user: user.trim() }),
		...(seconds === 0 ? {} : { since: Math.floor(Date.now() / 60_000) * 60 - seconds }),
	};
	return (
		<>
			<div className="filters">
				<NativeSelect
					label="What was done"
					value={kind}
					onChange={(event) => setKind(event.currentTarget.value)}
					data={[
						{ value: "", label: "Everything" },
						...auditKinds.map((word) => ({ value: word, label: kindNames[word] })),
					]}
				/>
				<TextInput
					label="Who did it"
					placeholder="jane@local"
					value={user}
					spellCheck={false}
					onChange={(event) => setUser(event.currentTarget.value)}
				/>
				<NativeSelect
					label="Time"
					value={span}
					onChange={(event) => setSpan(event.currentTarget.value)}
					data={spans.map(([label, value]) => ({ value: String(value), label }))}
				/>
			</div>
			<Panel title="Who changed what, and who was refused" wide>
				<Records key={JSON.stringify(filter)} filter={filter} />
			</Panel>
		</>
	);
}

interface Filter {
	readonly kind?: (typeof auditKinds)[number];
	readonly user?: string;
	/** Seconds since the epoch. */
	readonly since?: number;
}

function Records({ filter }: { readonly filter: Filter }) {
	const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
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
	const rows = data?.pages.flat() ?? [];
	return (
		<>
			{error === null ? null : <Problem what="The audit could not be read." error={error} />}
			{rows.length === 0 ? (
				data !== undefined ? (
					<EmptyPlace place="noAudit" />
				) : (
					<Empty title={error === null ? "Reading …" : "Not known."} />
				)
			) : (
				<Scroll label="Audit">
					<table className="list">
						<TableHead columns={["When", "Who", "From", "What", "About", "Digest before and after"]} />
						<tbody>
							{rows.map((row) => (
								<Record key={row.id} row={row} />
							))}
						</tbody>
					</table>
				</Scroll>
			)}
			{hasNextPage ? (
				<Button variant="subtle" m="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
					Show older
				</Button>
			) : null}
		</>
	);
}

function Record({ row }: { readonly row: AuditRow }) {
	const { time, until, count, user, from, what, subject, detail, before, after } = row;
	return (
		<tr>
			<td className="tight">
				<Ago at={time * 1000} />
				{until > time + 1 ? <span className="more"> for {durationText(until - time)}</span> : null}
			</td>
			<td>{shown(user)}</td>
			<td>{from === null ? "local socket" : shown(from)}</td>
			<td>
				{shown(what)}
				{count > 1 ? <b className="times"> × {count}</b> : null}
			</td>
			<td>
				{shown(subject)}
				{detail === "" ? null : <div className="more">{shown(detail)}</div>}
			</td>
			<td>
				{before === null && after === null ? (
					""
				) : (
					<code title={`${before ?? ""} → ${after ?? ""}`}>
						{short(before)} → {short(after)}
					</code>
				)}
			</td>
		</tr>
	);
}

function short(digest: string | null): string {
	return digest === null || digest === "" ? "–" : digest.slice(0, 7);
}
