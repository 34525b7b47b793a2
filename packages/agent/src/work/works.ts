/**
 * What a node does for each task of the table. A task without its work does not compile, nor does work without a task.
 */
import {
	checkedArgument,
	type TaskName,
	type Tasks,
	type TaskType,
	taskNameOf,
	tasks,
} from "@pathkeeper/model";
import { type Task, writeTaskResult } from "@pathkeeper/store";
import { lunWorks } from "./lun-works.ts";
import { storageWorks } from "./storage-works.ts";
import { volumeWorks } from "./volume-works.ts";
import type { Turn, Work, WorkCall, Works } from "./work.ts";

const works: Works = { ...lunWorks, ...storageWorks, ...volumeWorks };

/** Work that is ready to be called with the argument of a stored task. */
export interface ReadyWork {
	readonly turn: Turn;
	/**
	 * Does it, and gives what brings its result into the store. Throws TASK_ARGUMENT_INVALID for an argument of another
	 * form, and what the work throws.
	 */
	readonly run: (call: WorkCall, task: Task) => Promise<() => Promise<void>>;
}

/** The work for a type of task; null for one that this agent does not know. */
export function workFor(type: string): ReadyWork | null {
	const name = taskNameOf(type);
	return name === null ? null : readyWork(name);
}

function readyWork<N extends TaskName>(name: N): ReadyWork {
	return ready<Tasks[N]>(tasks[name], works[name]);
}

function ready<T extends TaskType>(task: T, work: Work<T>): ReadyWork {
	return {
		turn: work.turn,
		run: async (call, stored) => {
			const result = await work.do(call, checkedArgument(task, stored.argument));
			return async () => {
				if (result !== null) await writeTaskResult(call.store, task, stored, result);
			};
		},
	};
}
