import { isQuestion } from "@pathkeeper/model";
import type { Store } from "../store.ts";
import { deleteTask, readTasks } from "./tasks.ts";

/** Whoever asked has read the answer by then. */
const keptForMs = 10 * 60 * 1000;

/**
 * Removes the questions of a node that ended long ago: their server went away before it read the answer. Gives how
 * many. `now`: milliseconds since the epoch.
 */
export async function dropForgottenQuestions(store: Store, node: string, now: number): Promise<number> {
	const forgotten = (await readTasks(store, node)).tasks.filter(
		({ task }) => isQuestion(task.type) && task.endedAt !== null && task.endedAt < now - keptForMs,
	);
	for (const { task } of forgotten) await deleteTask(store, task);
	return forgotten.length;
}
