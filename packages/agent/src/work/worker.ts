import type { Host } from "@pathkeeper/host";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import {
	claimTask,
	finishTask,
	readTask,
	type Store,
	type StoredTask,
	stopLostTasks,
	TaskLog,
	taskPrefix,
	tasksFrom,
	trimTasks,
	watchPrefix,
} from "@pathkeeper/store";
import type { LedgerFile } from "../apply/ledger.ts";
import type { Clock } from "../clock.ts";
import type { Exclusive } from "../exclusive.ts";
import type { Log } from "../log.ts";
import { whileUnavailable } from "../while-unavailable.ts";
import { guardLun, withdrawLun } from "./withdraw-lun.ts";

/** Stopped tasks that a node keeps with their logs. */
const keptTasks = 200;

export interface WorkerOptions {
	readonly host: Host;
	readonly store: Store;
	readonly ledger: LedgerFile;
	readonly exclusive: Exclusive;
	readonly clock: Clock;
	readonly log: Log;
	/** Which run of the agent this is. */
	readonly run: string;
	/** Resolves while this run speaks for its node: of two hosts with one name only one may take its tasks. */
	readonly membership: (signal: AbortSignal) => Promise<void>;
	/** Called when a task may have changed the host. */
	readonly onChanged: () => void;
}

/** Work on this node that a person asked for: claims tasks from the store, runs them one by one, writes their outcome. */
export class Worker {
	readonly #options: WorkerOptions;

	constructor(options: WorkerOptions) {
		this.#options = options;
	}

	/** Runs until the signal aborts. Tasks that an earlier run of the agent had begun are ended as lost first. */
	async run(signal: AbortSignal): Promise<void> {
		try {
			await this.#endLostTasks(signal);
			const { store, host } = this.#options;
			for await (const { entries } of watchPrefix(store, taskPrefix(host.node), { signal })) {
				const waiting = tasksFrom(entries).tasks.filter(({ task }) => task.state === "waiting");
				for (const task of waiting.toSorted((a, b) => a.task.startedAt - b.task.startedAt)) {
					await this.#options.membership(signal);
					if (signal.aborted) return;
					await this.#take(task, signal);
				}
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		}
	}

	async #endLostTasks(signal: AbortSignal): Promise<void> {
		const { store, host, clock, log, run, membership } = this.#options;
		await membership(signal);
		if (signal.aborted) return;
		const lost = () => stopLostTasks(store, host.node, run, clock.now());
		for (const task of await whileUnavailable(lost, clock, signal)) {
			log.warn({ upid: task.upid }, "work: a task was lost when the agent ended");
		}
	}

	async #take(stored: StoredTask, signal: AbortSignal): Promise<void> {
		const { store, clock, log, host } = this.#options;
		const claimed = await this.#claim(stored, signal);
		if (claimed === null) return;
		const { task } = claimed;
		const lines = new TaskLog(store, task);
		log.info({ upid: task.upid, type: task.type }, "work: task begins");
		let outcome = "OK";
		try {
			for (const line of await this.#do(task.type, task.argument)) lines.add(line);
		} catch (error) {
			outcome = messageOf(error);
			lines.add(outcome);
		}
		const note = async () => {
			await lines.flush();
			await finishTask(store, claimed, outcome, clock.now());
			await trimTasks(store, host.node, keptTasks);
		};
		await whileUnavailable(note, clock, signal);
		log.info({ upid: task.upid, outcome }, "work: task ended");
	}

	/** Null: it is not ours to run. A claim that the store did not confirm is looked at, not made twice. */
	async #claim(stored: StoredTask, signal: AbortSignal): Promise<StoredTask | null> {
		const { store, clock, run } = this.#options;
		const claim = () => claimTask(store, stored, run, clock.now());
		const claimed = await whileUnavailable(claim, clock, signal);
		if (claimed !== null) return claimed;
		const now = await whileUnavailable(() => readTask(store, stored.task.upid), clock, signal);
		return now?.task.state === "running" && now.task.claimedBy === run ? now : null;
	}

	async #do(type: string, argument: unknown): Promise<string[]> {
		const { host, ledger, exclusive, onChanged } = this.#options;
		switch (type) {
			case "lunguard":
				await guardLun(host, wwidOf(argument));
				return [`${host.node}: nothing stands on the LUN`];
			case "lunwithdraw":
				try {
					return await exclusive.run(() => withdrawLun(host, ledger, wwidOf(argument)));
				} finally {
					onChanged();
				}
			default:
				throw new PathkeeperError("NOT_FOUND", {
					values: { what: `task type '${type}' (the agent of ${host.node} may be older than the server)` },
				});
		}
	}
}

function wwidOf(argument: unknown): string {
	const wwid = argument instanceof Object && "wwid" in argument ? argument.wwid : null;
	if (typeof wwid === "string") return wwid;
	throw new PathkeeperError("NOT_FOUND", { values: { what: "the WWID in the task's argument" } });
}
