import { Type } from "typebox";
import type { Store } from "../store.ts";
import { jsonDocument } from "./json-document.ts";
import { layout } from "./layout.ts";

/** What a task found or made, for whoever asked: JSON data. Its reader checks the shape. */
const document = jsonDocument(Type.Object({ result: Type.Unknown() }), {
	maxBytes: 64 * 1024 * 1024,
	// A list of 50,000 volumes.
	maxValues: 500_000,
});

interface TaskName {
	readonly node: string;
	readonly upid: string;
}

/** To be written before the task is finished: a finished task without a result has none. */
export async function writeTaskResult(store: Store, task: TaskName, result: unknown): Promise<void> {
	const key = layout.taskResult(task.node, task.upid);
	await store.txn({ writes: [{ op: "put", key, value: document.encode({ result }) }] });
}

/** Undefined: it has none. */
export async function readTaskResult(store: Store, task: TaskName): Promise<unknown> {
	const key = layout.taskResult(task.node, task.upid);
	const entry = await store.get(key);
	return entry === null ? undefined : document.decode(key, entry.value).result;
}
