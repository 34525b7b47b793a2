/**
 * What a node does for each task of the table. A task without its work does not compile, nor does work without a task.
 */
import {
	type ArgumentOf,
	checkedArgument,
	type TaskName,
	type TaskResultOf,
	type Tasks,
	type TaskType,
	taskNameOf,
	tasks,
} from "@pathkeeper/model";
import { type Task, writeTaskResult } from "@pathkeeper/store";
import { lunWorks } from "./lun-works.ts";
import { storageWorks } from "./storage-works.ts";
import { volumeWorks } from "./volume-works.ts";
import type { WorkCall } from "./work-call.ts";

/**
 * When a task is begun. `alone`: it changes multipath, and goes one by one. `place`, `guard`, `look`: when one of the
 * places for work, for what a server asks before a change, or for who only looks is free. `removal`: at once, and then
 * it waits for one of its own places, since it may take hours.
 */
export type Turn = "alone" | "place" | "guard" | "look" | "removal";

/** How a node does one task. Throws what speaks against it, and then it is refused or has failed. */
export interface Work<T extends TaskType> {
	readonly turn: Turn;
	readonly do: (call: WorkCall, argument: ArgumentOf<T>) => Promise<TaskResultOf<T>>;
}

export type Works = { readonly [N in TaskName]: Work<Tasks[N]> };

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
