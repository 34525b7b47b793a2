import { accessRoutes } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { Ago } from "../ui/age.tsx";
import { TextInput } from "../ui/kit.ts";
import { Empty } from "../ui/notice.tsx";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { TableHead } from "../ui/table-head.tsx";
import { shown } from "../ui/words.ts";

const most = 500;

/** Who changed what, newest first. */
export function Audit() {
	const { data, error } = useQuery({
		queryKey: ["audit"],
		queryFn: () => client.call(accessRoutes.readAudit, { limit: most }),
		refetchInterval: 10_000,
	});
	const [filter, setFilter] = useState("");
	const rows = (data ?? []).filter(({ user, what, subject, from }) =>
		`${user} ${what} ${subject} ${from ?? ""}`.toLowerCase().includes(filter.toLowerCase()),
	);
	return (
		<Panel
			title="Who changed what"
			wide
			aside={
				<TextInput
					size="xs"
					aria-label="Filter the audit"
					placeholder="Filter"
					value={filter}
					onChange={(event) => setFilter(event.currentTarget.value)}
				/>
			}
		>
			{error === null ? null : <Problem what="The audit could not be read." error={error} />}
			{rows.length === 0 ? (
				<Empty title={data === undefined ? "Reading …" : "Nothing to show."} />
			) : (
				<Scroll label="Audit">
					<table className="list">
						<TableHead columns={["When", "Who", "From", "What", "About", "Digest before and after"]} />
						<tbody>
							{rows.map((row) => (
								<tr key={`${row.time} ${row.user} ${row.what} ${row.subject} ${row.after}`}>
									<td className="tight">
										<Ago at={row.time * 1000} />
									</td>
									<td>{shown(row.user)}</td>
									<td>{row.from === null ? "local socket" : shown(row.from)}</td>
									<td>{shown(row.what)}</td>
									<td>{shown(row.subject)}</td>
									<td>
										{row.before === null && row.after === null ? (
											""
										) : (
											<code title={`${row.before ?? ""} → ${row.after ?? ""}`}>
												{short(row.before)} → {short(row.after)}
											</code>
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</Scroll>
			)}
		</Panel>
	);
}

function short(digest: string | null): string {
	return digest === null || digest === "" ? "–" : digest.slice(0, 7);
}
