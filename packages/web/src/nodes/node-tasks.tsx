import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { maxTasks, type TaskRow, tasksQuery } from "../api/queries.ts";
import { FollowTask } from "../tasks/follow-task.tsx";
import { Ago } from "../ui/age.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { type Column, List } from "../ui/list.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { RowButton } from "../ui/row-button.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";

/** Tasks of the node, with their outcome. */
export function NodeTasks({ node }: { readonly node: string }) {
	const tasks = useQuery({ ...tasksQuery(node), refetchInterval: 5000 });
	const [open, setOpen] = useState<string | null>(null);
	const count = tasks.data?.length ?? 0;
	return (
		<Panel title={count < maxTasks ? "Tasks" : `The last ${maxTasks} tasks`} wide>
			<Loaded answer={tasks} problem="The tasks could not be read." isOldHidden>
				{(rows) => (
					<List
						label="Tasks of the node"
						thing="task"
						rows={rows}
						keyOf={({ upid }) => upid}
						columns={columns}
						empty={<EmptyPlace place="noTask" />}
						actions={({ upid, type, id }) => (
							<RowButton
								text="Log"
								label={`Log of ${shown(type)} ${shown(id)}`}
								isExpanded={open === upid}
								onClick={() => setOpen(open === upid ? null : upid)}
							/>
						)}
					/>
				)}
			</Loaded>
			{open === null ? null : (
				<div className="padded">
					<FollowTask key={open} node={node} upid={open} />
				</div>
			)}
		</Panel>
	);
}

const columns: readonly Column<TaskRow>[] = [
	{
		head: "Task",
		cell: ({ type, id }) => (
			<>
				{shown(type)} <span className="more">{shown(id)}</span>
			</>
		),
	},
	{ head: "By", cell: ({ user }) => shown(user) },
	{ head: "Started", kind: "tight", cell: ({ starttime }) => <Ago at={starttime * 1000} /> },
	{ head: "Outcome", cell: ({ status }) => <Outcome status={status} /> },
];

function Outcome({ status }: { readonly status: string | undefined }) {
	if (status === undefined) return <span className="hint">waiting or running</span>;
	if (status === "OK") return <StateWord state="optimal" word="OK" />;
	return <StateWord state={status.startsWith("unknown") ? "unknown" : "failed"} word={shown(status)} />;
}
