import { type ResultOf, taskRoutes } from "@pathkeeper/model";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../api/client.ts";

export type TaskAnswer = ResultOf<typeof taskRoutes.taskStatus>;

const pollMs = 700;

/** A task, polled until it has ended. */
export const taskQuery = (node: string, upid: string) =>
	queryOptions({
		queryKey: ["node", node, "task", upid],
		queryFn: () => client.call(taskRoutes.taskStatus, { node, upid }),
		refetchInterval: ({ state }) => (state.data?.status === "stopped" ? false : pollMs),
	});

/** UPID of the task that a call with this reference created; null when there is none yet. */
export const orderedTaskQuery = (node: string, reference: string) =>
	queryOptions({
		queryKey: ["node", node, "ordered-task", reference],
		queryFn: async () => {
			const [task] = await client.call(taskRoutes.listTasks, { node, reference, limit: 1 });
			return task?.upid ?? null;
		},
		retry: false,
	});

/** What a task wrote; once more when it has ended. */
export const taskLogQuery = (node: string, upid: string, hasEnded: boolean) =>
	queryOptions({
		queryKey: ["node", node, "task-log", upid, hasEnded],
		queryFn: () => client.call(taskRoutes.taskLog, { node, upid, limit: 0 }),
		refetchInterval: hasEnded ? false : pollMs,
		placeholderData: (before) => before,
	});
