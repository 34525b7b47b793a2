import { notTaken, type Runtime } from "@pathkeeper/model";
import {
	giveUpTask,
	readNodes,
	type Snapshot,
	type Store,
	type StoredTask,
	type Task,
	taskKey,
	tasksFrom,
	watchPrefix,
} from "@pathkeeper/store";
import type { Unreachable } from "./node-outcome.ts";

/** A task that was taken and is not done by then is waited for no longer; its outcome will stand in the store. */
const doneWithinMs = 120_000;
/** Whether the node's agent is still there is looked up so often, also while nothing changes. */
const rollCallMs = 1000;

export interface WaitContext {
	readonly store: Store;
	readonly runtime: Runtime;
	/** Called at least once a second while a task is waited for. */
	readonly onWait?: () => Promise<void>;
}

/**
 * Waits until a task has ended, as the store's watch says, or until nobody is there any more to end it. One that no
 * agent takes in time is ended here.
 */
export async function waitForEnd(context: WaitContext, asked: StoredTask): Promise<Task | Unreachable> {
	const { store, runtime, onWait = () => Promise.resolve() } = context;
	const { upid, node } = asked.task;
	const stop = new AbortController();
	const changes = watchPrefix(store, taskKey(asked.task), { signal: stop.signal, runtime });
	let change = changes.next();
	let stored = asked;
	const begun = runtime.monotonic();
	try {
		for (;;) {
			await onWait();
			const heard = await Promise.race([change, runtime.sleep(rollCallMs).then(() => null)]);
			if (heard !== null) {
				const seen = taskIn(heard.value ?? null);
				if (seen === null) return unreachable("gone", `task ${upid} is not in the store any more`);
				if (typeof seen === "string") return unreachable("unreadable", seen);
				stored = seen;
				change = changes.next();
				if (stored.task.state === "stopped") return stored.task;
				continue;
			}
			const isGone = !(await isOnline(store, node));
			if (stored.task.state === "waiting" && (isGone || runtime.now() > stored.task.takeBefore)) {
				if (!(await giveUpTask(store, stored, notTaken, runtime.now()))) continue;
				if (isGone) return unreachable("gone", "no sign of life from its agent any more");
				continue;
			}
			if (isGone)
				return unreachable("gone", `its agent vanished while it worked on the task; see task ${upid}`);
			if (runtime.monotonic() - begun > doneWithinMs)
				return unreachable("unfinished", `its task is still running after ${doneWithinMs / 1000} s: ${upid}`);
		}
	} finally {
		stop.abort();
		await changes.return();
	}
}

/** The task of a snapshot of its key; a text when it cannot be read, null when it is not there. */
function taskIn(snapshot: Snapshot | null): StoredTask | string | null {
	const { tasks, problems } = tasksFrom(snapshot?.entries ?? []);
	return tasks[0] ?? problems[0] ?? null;
}

function unreachable(why: Unreachable["why"], text: string): Unreachable {
	return { kind: "unreachable", why, text };
}

async function isOnline(store: Store, node: string): Promise<boolean> {
	const found = (await readNodes(store)).find((other) => other.node === node);
	return found !== undefined && found.member !== null;
}
