import { type LogKind, logKinds } from "@pathkeeper/model";
import { type Command, Option } from "commander";
import { showLog } from "../commands/log.ts";
import { listTasks, showTaskLog, stopTask } from "../commands/task.ts";
import { countFrom } from "./counts.ts";
import type { Online } from "./runs.ts";

interface LogFlags {
	readonly lun?: string;
	readonly node?: string;
	readonly kind?: LogKind;
	readonly since?: string;
	readonly until?: string;
	readonly limit: number;
	readonly follow?: true;
}

/** What happened, and what was done. */
export function addLogCommands(program: Command, online: Online): void {
	program
		.command("log")
		.summary("what happened in the fleet")
		.description(
			"What happened in the fleet: changes of state, paths, nodes, configuration and access with who made them. Repeated events are one entry with a count. Kept for 7 days.",
		)
		.option("--lun <wwid-or-alias>", "only about this LUN")
		.option("--node <node>", "only about this node")
		.addOption(new Option("--kind <kind>", "only of this kind").choices(logKinds))
		.option(
			"--since <time>",
			"start of the period: how long ago (15m, 2h, 3d), or a date such as 2026-11-25T22:41",
		)
		.option("--until <time>", "up to then")
		.option("-n, --limit <count>", "at most this many, the newest", countFrom(1, 20_000), 100)
		.option("-f, --follow", "keep printing new entries")
		.action((flags: LogFlags) => online((session) => showLog(session, flags)));
	const task = program.command("task").description("tasks of the nodes");
	task
		.command("list")
		.description("tasks, newest first")
		.option("--node <node>", "only of this node")
		.option("--errors", "only those that failed")
		.option("-n, --limit <count>", "at most this many", countFrom(1, 1000), 50)
		.action((flags: { node?: string; errors?: true; limit: number }) =>
			online((session) => listTasks(session, flags)),
		);
	task
		.command("log <upid>")
		.description("the log of a task, and its outcome; exit code 1 when it failed or has not ended")
		.action((upid: string) => online((session) => showTaskLog(session, upid)));
	task
		.command("stop <upid>")
		.description("end a task early, as soon as that is safe; one that has ended stays as it is")
		.action((upid: string) => online((session) => stopTask(session, upid)));
}
