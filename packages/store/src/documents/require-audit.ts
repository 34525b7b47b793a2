/**
 * The store as it is given to whoever answers people: a change that brings no audit record with it is refused before it
 * is made. What needs no record is listed here, so that what is new needs one.
 */
import { PathkeeperError } from "@pathkeeper/model";
import type { Store, Txn, Write } from "../store.ts";
import { accessLayout } from "./access/access-layout.ts";
import { below, layout } from "./layout.ts";
import { isRecorded } from "./task-record.ts";
import { parseUpid } from "./upid.ts";

/**
 * Gives the same store; its `txn` throws BUG, and changes nothing, for a change without an audit record of its own, that
 * is one whose key is compared as absent: a record that takes the place of another one is none.
 */
export function requireAudit(store: Store): Store {
	return {
		get: (key) => store.get(key),
		list: (prefix, limit) => store.list(prefix, limit),
		watch: (prefix, fromRevision, signal) => store.watch(prefix, fromRevision, signal),
		lease: (ttlMs) => store.lease(ttlMs),
		space: () => store.space(),
		compact: (revision) => store.compact(revision),
		close: () => store.close(),
		txn: async (txn) => {
			checkAudited(txn);
			return await store.txn(txn);
		},
	};
}

function checkAudited(txn: Txn): void {
	if (txn.writes.some((write) => isNewRecord(write, txn))) return;
	const write = txn.writes.find((each) => !needsNoRecord(each, txn));
	if (write === undefined) return;
	throw new PathkeeperError("BUG", { problem: `${write.op} of ${write.key} without an audit record` });
}

function isNewRecord({ op, key }: Write, { compare = [] }: Txn): boolean {
	if (op !== "put" || !key.startsWith(layout.audit)) return false;
	return compare.some((one) => one.key === key && one.revision === null);
}

/** Makes, of its own accord and for no caller, what a server works with. */
const ownKeys: readonly string[] = [accessLayout.ticketKey];
/** Results and ends of what was recorded when it was asked for. */
const tracesOfTasks = [layout.taskLogs, layout.taskResults];
/** What a node left behind; that the node itself goes is recorded. */
const tracesOfNodes = [layout.reports, layout.reportParts];

function needsNoRecord({ op, key }: Write, { compare = [] }: Txn): boolean {
	const isBelow = (prefixes: readonly string[]) => prefixes.some((prefix) => key.startsWith(prefix));
	if (op === "put" && isBelow([layout.audit])) return true;
	if (ownKeys.includes(key) || isBelow([layout.locks]) || isBelow(tracesOfTasks)) return true;
	if (key.startsWith(layout.tasks)) {
		const isNew = op === "put" && !compare.some((one) => one.key === key && one.revision !== null);
		return !isNew || !isRecorded(typeOf(layout.tasks, key));
	}
	if (op === "put") return isBelow([layout.taskCancels]) && !isRecorded(typeOf(layout.taskCancels, key));
	return isBelow(tracesOfNodes) || isBelow([layout.taskCancels, layout.withdrawals]);
}

/** Of the task that a key is about; empty when it names none. */
function typeOf(prefix: string, key: string): string {
	return parseUpid(below(prefix, key)?.split("/")[1] ?? "")?.type ?? "";
}
