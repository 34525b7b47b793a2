/**
 * The one table of all work that servers ask nodes for, as `api/routes.ts` is for calls. A task is not in it: servers
 * cannot ask for it. A task is in it: the agent does not compile without a handler.
 */
import * as luns from "./lun-tasks.ts";
import * as storages from "./storage-tasks.ts";
import type { TaskType } from "./task-type.ts";
import * as volumes from "./volume-tasks.ts";

export const tasks = { ...luns, ...storages, ...volumes };

export type Tasks = typeof tasks;
/** Name of a task in the table; the word in the UPID is its `type`. */
export type TaskName = keyof Tasks;

const names: ReadonlyMap<string, TaskName> = new Map(
	taskNames().map((name): [string, TaskName] => [tasks[name].type, name]),
);

/** All names, in the order of the table. */
export function taskNames(): readonly TaskName[] {
	return Object.keys(tasks).filter(isTaskName);
}

function isTaskName(name: string): name is TaskName {
	return Object.hasOwn(tasks, name);
}

/** The entry for the word of a UPID; null for one that this version does not know. */
export function taskNameOf(type: string): TaskName | null {
	return names.get(type) ?? null;
}

/** The entry for the word of a UPID; null for one that this version does not know. */
export function taskTypeOf(type: string): TaskType | null {
	const name = taskNameOf(type);
	return name === null ? null : tasks[name];
}

/** True for a task that changes nothing. What this version does not know may change something. */
export function isQuestion(type: string): boolean {
	return taskTypeOf(type)?.kind === "question";
}
