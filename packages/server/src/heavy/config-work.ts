import { PathkeeperError } from "@pathkeeper/model";
import type { Caller } from "../caller.ts";
import { HeavyWorker, JobFailed } from "./heavy-worker.ts";
import type { JobName, Jobs } from "./jobs.ts";

/** Jobs that may wait for their turn or be done; each holds texts of megabytes. */
const mostJobs = 32;
/** And of one caller: one that is done, and one that waits behind it, as of a person who changed the text meanwhile. */
const mostOfCaller = 2;

/**
 * Work on whole config documents, which a caller may make as large and as costly as a document may be: it is done off
 * the event loop, one job at a time, so that no caller has more than one done at once.
 */
export class ConfigWork {
	readonly #worker: Pick<HeavyWorker, "do">;
	readonly #callers = new Map<string, number>();
	#jobs = 0;

	constructor(worker: Pick<HeavyWorker, "do"> = new HeavyWorker()) {
		this.#worker = worker;
	}

	/**
	 * Does a job for a caller; what it takes is gathered once it is sure to be done. Throws HEAVY_WORK_OF_CALLER,
	 * HEAVY_WORK_BUSY, HEAVY_WORK_TOO_MUCH, and what `gather` throws.
	 */
	async do<N extends JobName>(
		{ user }: Pick<Caller, "user">,
		name: N,
		gather: () => Promise<Jobs[N]["takes"]>,
	): Promise<Jobs[N]["gives"]> {
		const own = this.#callers.get(user) ?? 0;
		if (own >= mostOfCaller) throw new PathkeeperError("HEAVY_WORK_OF_CALLER", { values: { user } });
		if (this.#jobs >= mostJobs) throw new PathkeeperError("HEAVY_WORK_BUSY");
		this.#count(user, 1);
		try {
			return await this.#worker.do(name, await gather());
		} catch (error) {
			if (!(error instanceof JobFailed) || error.why === "fault") throw error;
			const problem = error.why === "memory" ? "too much memory" : "too long";
			throw new PathkeeperError("HEAVY_WORK_TOO_MUCH", { values: { problem }, cause: error });
		} finally {
			this.#count(user, -1);
		}
	}

	#count(user: string, more: 1 | -1): void {
		const own = (this.#callers.get(user) ?? 0) + more;
		this.#jobs += more;
		if (own === 0) this.#callers.delete(user);
		else this.#callers.set(user, own);
	}
}
