/** How long tasks that have ended are kept, and which go first when there are too many. */
import { isQuestion, ownerOf } from "@pathkeeper/model";
import type { Store } from "../store.ts";
import { deleteTask, readTasks, type Task } from "./tasks.ts";

/** What is kept of a node's tasks that have ended, with their logs. */
export interface TaskBounds {
	/** Days since a task ended. */
	readonly days: number;
	/** Tasks of one node. */
	readonly most: number;
}

export const keptTasks: TaskBounds = { days: 30, most: 1000 };

const dayMs = 24 * 60 * 60 * 1000;

/** Removes tasks of a node that are not kept, with their logs; gives how many went. */
export async function trimTasks(
	store: Store,
	node: string,
	bounds: TaskBounds,
	now: number,
): Promise<number> {
	const tasks = (await readTasks(store, node)).tasks.map(({ task }) => task);
	const outdated = outdatedTasks(tasks, bounds, now);
	for (const task of outdated) await deleteTask(store, task);
	return outdated.length;
}

/**
 * Tasks that have ended and are not kept; questions go with their answers and are none of them. Those that ended too long ago go. When more than `most` are left, the caller
 * who has the most of them gives first, and of that caller's the type with the most, its oldest: so a flood pushes out
 * itself and nothing of others. The tokens of a user count as that user.
 */
export function outdatedTasks(tasks: readonly Task[], { days, most }: TaskBounds, now: number): Task[] {
	const ended = tasks.filter(({ state, type }) => state === "stopped" && !isQuestion(type));
	const isOld = (task: Task) => endOf(task) < now - days * dayMs;
	const outdated = ended.filter(isOld);
	const callers = byCallerAndType(ended.filter((task) => !isOld(task)));
	for (let left = ended.length - outdated.length; left > most; left--) {
		const oldest = largest(
			largest(callers, countOf)?.types ?? [],
			({ tasks: some }) => some.length,
		)?.tasks.pop();
		if (oldest === undefined) break;
		outdated.push(oldest);
	}
	return outdated;
}

interface OfType {
	/** Newest first. */
	readonly tasks: Task[];
}

interface OfCaller {
	readonly types: readonly OfType[];
}

function byCallerAndType(tasks: readonly Task[]): readonly OfCaller[] {
	const newestFirst = tasks.toSorted((one, other) => endOf(other) - endOf(one));
	const callers = Map.groupBy(newestFirst, ({ user }) => ownerOf(user) ?? user);
	return [...callers.values()].map((own) => ({
		types: [...Map.groupBy(own, ({ type }) => type).values()].map((some) => ({ tasks: some })),
	}));
}

function countOf({ types }: OfCaller): number {
	return types.reduce((count, { tasks }) => count + tasks.length, 0);
}

function largest<T>(all: readonly T[], sizeOf: (one: T) => number): T | undefined {
	let found: T | undefined;
	for (const one of all) if (found === undefined || sizeOf(one) > sizeOf(found)) found = one;
	return found;
}

function endOf({ endedAt, startedAt }: Task): number {
	return endedAt ?? startedAt;
}
