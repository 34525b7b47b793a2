import { PathkeeperError } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Store } from "../store.ts";
import { jsonDocument } from "./json-document.ts";
import { below, layout } from "./layout.ts";
import { giveUpTask, readTask } from "./tasks.ts";

const document = jsonDocument(Type.Object({ by: Type.String() }));

/** Outcome of a task that somebody ended early. */
export function cancelledOutcome(by: string): string {
	return `cancelled by ${by}`;
}

/**
 * Asks for a task to be ended. One that still waits is stopped at once; one that runs is ended by its agent as soon as
 * that is safe, and its outcome says so. One that has ended stays as it is. Throws NOT_FOUND.
 */
export async function askToCancel(store: Store, upid: string, by: string, now: number): Promise<void> {
	const stored = await readTask(store, upid);
	if (stored === null) throw new PathkeeperError("NOT_FOUND", { values: { what: `task ${upid}` } });
	if (stored.task.state === "stopped") return;
	if (stored.task.state === "waiting" && (await giveUpTask(store, stored, cancelledOutcome(by), now))) return;
	const key = layout.taskCancel(stored.task.node, upid);
	await store.txn({ writes: [{ op: "put", key, value: document.encode({ by }) }] });
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
