import { messageOf } from "@pathkeeper/model";
import { type Store, type TaskBounds, trimTasks } from "@pathkeeper/store";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

export interface TaskRetentionOptions {
	readonly store: Store;
	readonly node: string;
	readonly bounds: TaskBounds;
	readonly clock: Clock;
	readonly log: Log;
}

/** Ended tasks are looked through this often for what is too old. */
const everyMs = 60 * 60_000;
/** And after this many have ended, for what is too much: looking through them costs as much as there are. */
const everyTasks = 25;

/** Keeps the ended tasks of this node within their bounds. */
export class TaskRetention {
	readonly #options: TaskRetentionOptions;
	#endedSince = 0;

	constructor(options: TaskRetentionOptions) {
		this.#options = options;
	}

	/** Looks at once and then again and again, until the signal aborts; never throws. */
	async run(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			await this.#trim();
			await this.#options.clock.sleep(everyMs, signal).catch(() => undefined);
		}
	}

	/** A task has ended. */
	async noteEnded(): Promise<void> {
		this.#endedSince++;
		if (this.#endedSince >= everyTasks) await this.#trim();
	}

	/** What is not removed now, as the store does not answer, is removed the next time. */
	async #trim(): Promise<void> {
		const { store, node, bounds, clock, log } = this.#options;
		this.#endedSince = 0;
		try {
			await trimTasks(store, node, bounds, clock.now());
		} catch (error) {
			log.warn({ error: messageOf(error) }, "work: old tasks cannot be removed");
		}
	}
}
