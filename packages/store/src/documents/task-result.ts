import type { TaskResultOf, TaskType } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Store } from "../store.ts";
import { checkedField, jsonDocument } from "./json-document.ts";
import { layout } from "./layout.ts";

const limits = {
	maxBytes: 64 * 1024 * 1024,
	// A list of 50,000 volumes.
	maxValues: 500_000,
};

/** What is written is typed by its task; its reader, who trusts no writer, checks it. */
const document = jsonDocument(Type.Object({}), limits);

interface TaskName {
	readonly node: string;
	readonly upid: string;
}

/** To be written before the task is finished: a finished task without a result has none, which reads as null. */
export async function writeTaskResult<T extends TaskType>(
	store: Store,
	_task: T,
	{ node, upid }: TaskName,
	result: TaskResultOf<T>,
): Promise<void> {
	const key = layout.taskResult(node, upid);
	await store.txn({ writes: [{ op: "put", key, value: document.encode({ result }) }] });
}

/** What a task found or made. Throws DOCUMENT_UNREADABLE when it has not the form that the table says. */
export async function readTaskResult<T extends TaskType>(
	store: Store,
	task: T,
	{ node, upid }: TaskName,
): Promise<TaskResultOf<T>> {
	const key = layout.taskResult(node, upid);
	const entry = await store.get(key);
	const read = entry === null ? { result: null } : document.decode(key, entry.value);
	return checkedField<T["result"]>(key, read, "result", task.result);
}
