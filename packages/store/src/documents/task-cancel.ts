import { failureOf, PathkeeperError } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Store, Txn, TxnResult } from "../store.ts";
import type { Author } from "./audit.ts";
import { audited } from "./audited.ts";
import { jsonDocument } from "./json-document.ts";
import { below, layout } from "./layout.ts";
import { isRecorded, taskRecord } from "./task-record.ts";
import { readTask, stoppedTask, taskWrite } from "./tasks.ts";

const document = jsonDocument(Type.Object({ by: Type.String() }));

/** Why a task ended that somebody ended early. */
export function cancelled(by: string): PathkeeperError {
	return new PathkeeperError("TASK_CANCELLED", { outcome: `cancelled by ${by}` });
}

/**
 * Asks for a task to be ended. One that still waits is stopped at once; one that runs is ended by its agent as soon as
 * that is safe, and its outcome says so. One that has ended stays as it is, and nothing is recorded. Throws NOT_FOUND.
 */
export async function askToCancel(store: Store, upid: string, author: Author): Promise<void> {
	const stored = await readTask(store, upid);
	if (stored === null) throw new PathkeeperError("NOT_FOUND", { what: `task ${upid}` });
	const { task, revision } = stored;
	if (task.state === "stopped") return;
	const { by, at } = author;
	const stop = async (txn: Txn): Promise<TxnResult> =>
		isRecorded(task.type)
			? await audited(store, { ...txn, records: [taskRecord(task, { what: "task.stop", ...author })] })
			: await store.txn(txn);
	if (task.state === "waiting") {
		const write = taskWrite(stoppedTask(task, failureOf("refused", cancelled(by)), at));
		const compare = [{ key: write.key, revision }];
		if ((await stop({ compare, writes: [write] })).succeeded) return;
	}
	const key = layout.taskCancel(task.node, upid);
	await stop({ writes: [{ op: "put", key, value: document.encode({ by }) }] });
}

/** What to watch for `cancelsFrom`. */
export function cancelPrefix(node: string): string {
	return layout.taskCancelsOf(node);
}

/** Who asked for the end of which task, by UPID. */
export function cancelsFrom(node: string, entries: readonly Entry[]): ReadonlyMap<string, string> {
	const asked = new Map<string, string>();
	for (const { key, value } of entries) {
		const upid = below(cancelPrefix(node), key);
		if (upid === null) continue;
		try {
			asked.set(upid, document.decode(key, value).by);
		} catch {
			asked.set(upid, "somebody");
		}
	}
	return asked;
}
