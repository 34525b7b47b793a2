import { taskRoutes } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { client } from "../api/client.ts";
import { useRight } from "../session/use-session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Button } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { type TaskAnswer, taskLogQuery, taskQuery } from "./task-queries.ts";
import "./tasks.css";

/** One task while it runs and after: its progress, log and outcome, and a way to stop it. */
export function FollowTask({
	node,
	upid,
	onEnded = () => undefined,
}: {
	readonly node: string;
	readonly upid: string;
	/** Called once, when it is seen to have ended. */
	readonly onEnded?: () => void;
}) {
	const task = useQuery(taskQuery(node, upid));
	const hasEnded = task.data?.status === "stopped";
	const log = useQuery(taskLogQuery(node, upid, hasEnded));
	const notify = useRef(onEnded);
	notify.current = onEnded;
	useEffect(() => {
		if (hasEnded) notify.current();
	}, [hasEnded]);
	const lines = (log.data ?? []).map(({ t }) => t);
	return (
		<div className="task stack">
			{task.error === null ? null : <Problem what="Its progress is unknown." error={task.error} />}
			{log.error === null ? null : <Problem what="The log could not be read." error={log.error} />}
			{task.data === undefined ? null : (
				<div className="row-of" role="status">
					<TaskWord task={task.data} />
					{hasEnded ? null : <StopTask node={node} upid={upid} />}
				</div>
			)}
			{hasEnded ? null : <Progress percent={percentOf(lines)} />}
			{lines.length === 0 ? (
				<p className="hint">{hasEnded ? "Its log is empty." : "Its log is empty so far."}</p>
			) : (
				<pre className="task-log" aria-label="Log of the task" role="log" tabIndex={0}>
					{lines.map((line, at) => (
						<span key={at}>
							{shown(line)}
							{"\n"}
						</span>
					))}
				</pre>
			)}
		</div>
	);
}

function TaskWord({ task }: { readonly task: TaskAnswer }) {
	const { status, waiting, node, exitstatus, outcome } = task;
	if (status === "running")
		return (
			<span className="hint">
				{waiting === 1 ? `Waiting for ${shown(node)}.` : `Running on ${shown(node)}.`}
			</span>
		);
	if (outcome?.kind === "done") return <StateWord state="optimal" word="Done." />;
	const isUnknown = outcome === undefined || outcome.kind === "lost";
	return (
		<span>
			<StateWord state={isUnknown ? "unknown" : "failed"} word={isUnknown ? "Unknown." : "Not done."} />{" "}
			{shown(exitstatus ?? "unknown")}
		</span>
	);
}

function StopTask({ node, upid }: { readonly node: string; readonly upid: string }) {
	const mayStop = useRight("Sys.Modify");
	const [isAsking, setAsking] = useState(false);
	const [isAsked, setAsked] = useState(false);
	if (!mayStop) return null;
	if (isAsked)
		return <span className="hint">It was asked to stop, and does so as soon as that is safe.</span>;
	return (
		<>
			<Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
				Stop the task
			</Button>
			{isAsking ? (
				<Confirm
					title={`Stop the task on ${shown(node)}?`}
					action="Stop it"
					keep="Let it run"
					refusal="The task could not be asked to stop."
					run={() => client.call(taskRoutes.stopTask, { node, upid })}
					onDone={() => setAsked(true)}
					onClose={() => setAsking(false)}
				>
					<p>
						It stops as soon as that is safe, with its work unfinished. What it has done so far stays; its log
						shows how far it came.
					</p>
				</Confirm>
			) : null}
		</>
	);
}

/** Without a number, only that something is running. */
function Progress({ percent }: { readonly percent: number | null }) {
	return (
		<div
			className={percent === null ? "progress unsure" : "progress"}
			role="progressbar"
			aria-label="Progress of the task"
			aria-valuemin={0}
			aria-valuemax={100}
			{...(percent === null ? {} : { "aria-valuenow": percent, "aria-valuetext": `${percent} %` })}
		>
			<div style={{ width: percent === null ? "30%" : `${percent}%` }} />
			{percent === null ? null : <span>{percent} %</span>}
		</div>
	);
}

/** The last `progress N%` that an agent wrote. */
function percentOf(lines: readonly string[]): number | null {
	for (const line of lines.toReversed()) {
		const percent = /^progress (\d{1,3})%$/.exec(line)?.[1];
		if (percent !== undefined) return Math.min(100, Number(percent));
	}
	return null;
}
