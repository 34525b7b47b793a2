import type { Host } from "@pathkeeper/host";
import {
	doneOutcome,
	exitStatusOf,
	failureOf,
	messageOf,
	PathkeeperError,
	Semaphore,
	type TaskOutcome,
} from "@pathkeeper/model";
import {
	cancelPrefix,
	cancelsFrom,
	claimTask,
	dropForgottenQuestions,
	finishTask,
	readTask,
	type Store,
	type StoredTask,
	stopLostTasks,
	type Task,
	type TaskBounds,
	TaskLog,
	taskPrefix,
	tasksFrom,
	watchPrefix,
} from "@pathkeeper/store";
import type { Registry } from "@pathkeeper/volumes";
import type { LedgerFile } from "../apply/ledger.ts";
import type { Clock } from "../clock.ts";
import type { Exclusive } from "../exclusive.ts";
import type { Log } from "../log.ts";
import type { Pulse } from "../progress.ts";
import { whileUnavailable } from "../while-unavailable.ts";
import { RunningTasks } from "./running-tasks.ts";
import { TaskRetention } from "./task-retention.ts";
import type { WorkCall } from "./work.ts";
import { workFor } from "./works.ts";

/** Changes of storages that run at a time: each may be a program that waits for a device. */
const mostAtOnce = 16;
/** Looks at storages that run at a time, in places of their own: no change waits for somebody who only looks. */
const mostLooks = 8;
/** Questions before a change that run at a time: they wait for nobody, or their server would call the node busy. */
const mostGuards = 8;
/** Questions whose server went away are looked for this often. */
const dropQuestionsEveryMs = 60_000;
/** Volumes that are removed at a time, beside those: erasing one may take hours. Further removals begin by waiting. */
const mostRemovals = 8;
/** While a task runs, its log reaches the store this often. */
const flushEveryMs = 1_000;

export interface WorkerOptions {
	readonly host: Host;
	readonly store: Store;
	readonly ledger: LedgerFile;
	readonly exclusive: Exclusive;
	readonly registry: Registry;
	readonly clock: Clock;
	readonly log: Log;
	/** Which run of the agent this is. */
	readonly run: string;
	/** Resolves while this run speaks for its node: of two hosts with one name only one may take its tasks. */
	readonly membership: (signal: AbortSignal) => Promise<void>;
	/** Which tasks are kept when they have ended. */
	readonly keptTasks: TaskBounds;
	/** Called when a task may have changed the host. */
	readonly onChanged: () => void;
	/** Called at every step of what changes multipath: the apply loop may wait for it. */
	readonly onStep?: () => void;
	/** Told of every call of the store. Tasks themselves may take hours, and what they wait for has deadlines. */
	readonly pulse?: Pulse | undefined;
}

/**
 * Work on this node that a person asked for: claims tasks from the store, runs them, writes their outcome. What changes
 * multipath goes one by one; work with storages may take hours and runs beside it, each under its storage's lock. What
 * there is no room for keeps nothing else from being taken.
 */
export class Worker {
	readonly #options: WorkerOptions;
	readonly #running = new RunningTasks();
	readonly #slots = {
		place: new Semaphore(mostAtOnce),
		guard: new Semaphore(mostGuards),
		look: new Semaphore(mostLooks),
	} as const;
	readonly #removalSlots = new Semaphore(mostRemovals);
	readonly #retention: TaskRetention;
	#dropQuestionsAt = 0;
	#last: AbortSignal = new AbortController().signal;

	constructor(options: WorkerOptions) {
		this.#options = options;
		const { host, store, keptTasks: bounds, clock, log } = options;
		this.#retention = new TaskRetention({ store, node: host.node, bounds, clock, log });
	}

	/** Tasks that were begun and have not ended. */
	get running(): readonly string[] {
		return this.#running.upids;
	}

	/**
	 * Runs until `stop` aborts and everything that was begun has ended: looks at once, a change when the program that
	 * makes it has ended. Their ends are written until `last` aborts. Tasks that an earlier run of the agent had begun
	 * are ended as lost first.
	 */
	async run(stop: AbortSignal, last: AbortSignal = stop): Promise<void> {
		this.#last = last;
		const signal = stop;
		await Promise.all([this.#takeAll(signal), this.#followCancels(signal), this.#retention.run(signal)]);
	}

	async #takeAll(signal: AbortSignal): Promise<void> {
		try {
			await this.#endLostTasks(signal);
			const { store, host, clock: runtime } = this.#options;
			for await (const { entries } of watchPrefix(store, taskPrefix(host.node), { signal, runtime })) {
				const waiting = tasksFrom(entries).tasks.filter(({ task }) => task.state === "waiting");
				for (const task of waiting.toSorted(changesFirst)) {
					await this.#options.membership(signal);
					if (signal.aborted) return;
					await this.#take(task, signal);
				}
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		}
		try {
			await this.#running.ended();
		} catch (error) {
			if (!signal.aborted) throw error;
		}
	}

	async #followCancels(signal: AbortSignal): Promise<void> {
		const { store, host, clock: runtime } = this.#options;
		for await (const { entries } of watchPrefix(store, cancelPrefix(host.node), { signal, runtime }))
			for (const [upid, by] of cancelsFrom(host.node, entries)) this.#running.cancel(upid, by);
	}

	async #endLostTasks(signal: AbortSignal): Promise<void> {
		const { store, host, clock, log, run, membership } = this.#options;
		await membership(signal);
		if (signal.aborted) return;
		const lost = () => stopLostTasks(store, host.node, run, clock.now());
		for (const task of await this.#whileUnavailable(lost, signal)) {
			log.warn({ upid: task.upid }, "work: a task was lost when the agent ended");
		}
	}

	async #take({ task, ...stored }: StoredTask, signal: AbortSignal): Promise<void> {
		const { log } = this.#options;
		const { upid, type } = task;
		if (this.#running.has(upid)) return;
		const begin = async (until: AbortSignal) => {
			const claimed = await this.#claim({ task, ...stored }, signal);
			if (claimed === null) return;
			log.info({ upid, type }, "work: task begins");
			await this.#carryOut(claimed, until, this.#last);
		};
		const turn = workFor(type)?.turn ?? "alone";
		if (turn === "alone") return await this.#running.run(upid, signal, begin);
		if (turn === "removal") return this.#beside(upid, this.#running.run(upid, signal, begin), signal);
		const inItsSlot = (until: AbortSignal) =>
			this.#slots[turn].within(async () => {
				await this.#options.membership(signal);
				if (!signal.aborted) await begin(until);
			}, until);
		this.#beside(upid, this.#running.run(upid, signal, inItsSlot), signal);
	}

	/** Nobody waits for a task that runs beside others; what goes wrong with it is logged. */
	#beside(upid: string, running: Promise<void>, signal: AbortSignal): void {
		running.catch((error: unknown) => {
			if (signal.aborted) return;
			this.#options.log.error({ error: messageOf(error), upid }, "work: a task was not carried out");
		});
	}

	/** `until` ends the work, `signal` also the writing of its end. */
	async #carryOut(claimed: StoredTask, until: AbortSignal, signal: AbortSignal): Promise<void> {
		const { store, clock, log } = this.#options;
		const { task } = claimed;
		const lines = new TaskLog(store, task);
		const done = new AbortController();
		const flushing = this.#flushNowAndThen(lines, AbortSignal.any([signal, done.signal]));
		const { outcome, writeResult } = await this.#do(claimed, lines, until);
		done.abort();
		await flushing;
		const note = async () => {
			await lines.flush();
			await writeResult();
			await finishTask(store, claimed, outcome, clock.now());
			await this.#dropQuestions();
		};
		try {
			await this.#whileUnavailable(note, signal);
		} catch (error) {
			if (signal.aborted) throw error;
			// A result that the store does not take, say. Whoever waits for the task has to learn that it is over.
			log.error({ error: messageOf(error), upid: task.upid }, "work: the end of a task cannot be written");
			const end = outcome.kind === "done" ? withoutResult(error) : outcome;
			await this.#whileUnavailable(() => finishTask(store, claimed, end, clock.now()), signal);
		}
		log.info({ upid: task.upid, outcome: exitStatusOf(outcome) }, "work: task ended");
		await this.#retention.noteEnded();
	}

	/** Now and then: it reads all tasks of the node. */
	async #dropQuestions(): Promise<void> {
		const { store, host, clock } = this.#options;
		const at = clock.monotonic();
		if (at < this.#dropQuestionsAt) return;
		this.#dropQuestionsAt = at + dropQuestionsEveryMs;
		await dropForgottenQuestions(store, host.node, clock.now());
	}

	async #flushNowAndThen(lines: TaskLog, signal: AbortSignal): Promise<void> {
		const { clock } = this.#options;
		while (!signal.aborted) {
			try {
				await clock.sleep(flushEveryMs, signal);
				await lines.flush();
			} catch {
				// It is over, or the store does not answer: the last flush tells all of it.
			}
		}
	}

	/**
	 * Null: it is not ours to run, or its document was damaged since it was listed. A claim that the store did not
	 * confirm is looked at, not made twice.
	 */
	async #claim(stored: StoredTask, signal: AbortSignal): Promise<StoredTask | null> {
		const { store, clock, run } = this.#options;
		const claim = () => claimTask(store, stored, run, clock.now());
		const claimed = await this.#whileUnavailable(claim, signal);
		if (claimed !== null) return claimed;
		const now = await this.#readAgain(stored.task, signal);
		return now?.task.state === "running" && now.task.claimedBy === run ? now : null;
	}

	/** Null when there is no such task any more, or nobody can read it; whoever waits for it is told the same. */
	async #readAgain({ upid }: Task, signal: AbortSignal): Promise<StoredTask | null> {
		const { store, log } = this.#options;
		try {
			return await this.#whileUnavailable(() => readTask(store, upid), signal);
		} catch (error) {
			if (!(error instanceof PathkeeperError) || error.code !== "DOCUMENT_UNREADABLE") throw error;
			log.warn({ error: error.message, upid }, "work: a task is not run, because it cannot be read");
			return null;
		}
	}

	async #whileUnavailable<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
		const { clock, pulse } = this.#options;
		const attempt = () => {
			pulse?.beat();
			return work();
		};
		try {
			return await whileUnavailable(attempt, clock, signal);
		} finally {
			pulse?.rest();
		}
	}

	/** Does a task. Never throws: an error is its outcome. */
	async #do({ task }: StoredTask, lines: TaskLog, signal: AbortSignal): Promise<Ended> {
		const { host, store, registry, clock, ledger, exclusive, onChanged, onStep } = this.#options;
		const log = (line: string) => lines.add(line);
		let isBegun = false;
		const onBegun = () => {
			isBegun = true;
		};
		const base = { host, store, registry, clock, ledger, exclusive, onChanged, onStep };
		const call: WorkCall = { ...base, signal, log, onBegun, holder: task.upid };
		try {
			signal.throwIfAborted();
			const work = workFor(task.type);
			if (work === null) throw new PathkeeperError("TASK_TYPE_UNKNOWN", { node: host.node, type: task.type });
			const run = () => work.run(call, task);
			const writeResult = work.turn === "removal" ? await this.#inRemovalPlace(call, run) : await run();
			return { outcome: doneOutcome, writeResult };
		} catch (error) {
			const outcome = failureOf(isBegun ? "failed" : "refused", error);
			log(outcome.text);
			return { outcome, writeResult: () => Promise.resolve() };
		}
	}

	async #inRemovalPlace<T>({ log, signal }: WorkCall, run: () => Promise<T>): Promise<T> {
		if (this.#removalSlots.isFull) log(`waiting until one of ${mostRemovals} other removals has ended`);
		return await this.#removalSlots.within(run, signal);
	}
}

/** How the work of a task ended. */
interface Ended {
	readonly outcome: TaskOutcome;
	/** To be called before the end of the task is written. */
	readonly writeResult: () => Promise<void>;
}

function withoutResult(error: unknown): TaskOutcome {
	const text = `it was done, but what came of it cannot be written: ${messageOf(error)}`;
	return { ...failureOf("failed", error), text };
}

/** Then in the order in which they were asked for. */
function changesFirst({ task: one }: StoredTask, { task: other }: StoredTask): number {
	const looks = Number(workFor(one.type)?.turn === "look") - Number(workFor(other.type)?.turn === "look");
	return looks === 0 ? one.startedAt - other.startedAt : looks;
}
