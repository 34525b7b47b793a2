import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { mostTasks, tasksQuery } from "../api/queries.ts";
import { FollowTask } from "../tasks/follow-task.tsx";
import { Ago } from "../ui/age.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { shown } from "../ui/words.ts";

/** Work that was given to the node, and what became of it. */
export function NodeTasks({ node }: { readonly node: string }) {
	const { data, error } = useQuery({ ...tasksQuery(node), refetchInterval: 5000 });
	const [open, setOpen] = useState<string | null>(null);
	if (error !== null)
		return (
			<Panel title="Tasks">
				<Problem what="The tasks could not be read." error={error} />
			</Panel>
		);
	if (data === undefined || data.length === 0)
		return (
			<Panel title="Tasks">{data === undefined ? <p>Reading …</p> : <EmptyPlace place="noTask" />}</Panel>
		);
	return (
		<Panel title={data.length < mostTasks ? "Tasks" : `The last ${mostTasks} tasks`} wide>
			<Scroll label="Tasks of the node">
				<table className="list">
					<thead>
						<tr>
							<th scope="col">Task</th>
							<th scope="col">By</th>
							<th scope="col">Began</th>
							<th scope="col">Outcome</th>
							<th scope="col">
								<span className="sr-only">Log</span>
							</th>
						</tr>
					</thead>
					<tbody>
						{data.map(({ upid, type, id, user, starttime, status }) => (
							<tr key={upid}>
								<td>
									{shown(type)} <span className="more">{shown(id)}</span>
								</td>
								<td>{shown(user)}</td>
								<td className="tight">
									<Ago at={starttime * 1000} />
								</td>
								<td>
									<Outcome status={status} />
								</td>
								<td className="tight">
									<Button
										size="compact-sm"
										variant="subtle"
										aria-expanded={open === upid}
										aria-label={`Log of ${shown(type)} ${shown(id)}`}
										onClick={() => setOpen(open === upid ? null : upid)}
									>
										Log
									</Button>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</Scroll>
			{open === null ? null : (
				<div className="padded">
					<FollowTask key={open} node={node} upid={open} />
				</div>
			)}
		</Panel>
	);
}

function Outcome({ status }: { readonly status: string | undefined }) {
	if (status === undefined) return <span className="hint">waits or runs</span>;
	if (status === "OK") return <StateWord state="optimal" word="OK" />;
	return <StateWord state={status.startsWith("unknown") ? "unknown" : "failed"} word={shown(status)} />;
}
