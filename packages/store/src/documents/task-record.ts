import { isQuestion } from "@pathkeeper/model";
import type { Recorded } from "./audited.ts";
import { parseUpid } from "./upid.ts";

/** Whether who asks for a task of a type, or stops it, is recorded: of all that may change something. */
export function isRecorded(type: string): boolean {
	return !isQuestion(type);
}

/** Somebody asked for a task, or stopped it. */
export interface TaskAct {
	readonly what: "task.create" | "task.stop";
	readonly by: string;
	readonly from: string | null;
	/** Milliseconds since the epoch. */
	readonly at: number;
}

/** The audit record of that, with the task's name as its detail. */
export function taskRecord(
	{
		type,
		id,
		node,
		upid,
	}: { readonly type: string; readonly id: string; readonly node: string; readonly upid: string },
	{ what, by, from, at }: TaskAct,
): Recorded {
	const { pid = 0, pstart = 0 } = parseUpid(upid) ?? {};
	const subject = [type, id, "on", node].filter((word) => word !== "").join(" ");
	const names = [what, node, pid.toString(16), pstart.toString(16), encodeURIComponent(by)];
	return {
		record: { at, by, from, what, subject, before: null, after: null, detail: upid },
		unique: names.join("-"),
	};
}
