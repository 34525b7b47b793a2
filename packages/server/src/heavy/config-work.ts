import { PathkeeperError } from "@pathkeeper/model";
import type { Caller } from "../http/caller.ts";
import { ChangesFirst } from "./changes-first.ts";
import { JobFailed } from "./heavy-worker.ts";
import type { JobName, Jobs } from "./jobs.ts";
import type { OffLoop } from "./off-loop.ts";

/** Jobs that may wait for their turn or be done; each holds texts of megabytes. */
const mostJobs = 32;
/** Of these, the last so many are for changes, and for root on the local socket. */
const keptJobs = 8;
/** And of one user: one that is done, and one that waits behind it, as of a person who changed the text meanwhile. */
const mostOfOwner = 2;

/** Whose work it is. */
type Owner = Pick<Caller, "holder" | "via">;

/** Jobs that only show something; the others are part of a change. */
const shows: ReadonlySet<JobName> = new Set<JobName>(["preview", "report"]);

/**
 * Work on whole config documents, which a caller may make as large and as costly as a document may be: it is done off
 * the event loop, one job at a time, changes before previews. No user has more than one done at once, whatever tokens
 * they have; and however many ask for previews, a change finds a place.
 */
export class ConfigWork {
	readonly #worker: OffLoop;
	readonly #line = new ChangesFirst();
	/** Jobs of each user, those with their tokens included. */
	readonly #owners = new Map<string, number>();
	#jobs = 0;

	constructor(worker: OffLoop) {
		this.#worker = worker;
	}

	/**
	 * Does a job for a caller; what it takes is gathered once it is sure to be done. Throws HEAVY_WORK_OF_CALLER,
	 * HEAVY_WORK_BUSY, HEAVY_WORK_TOO_MUCH, and what `gather` throws.
	 */
	async do<N extends JobName>(
		{ holder, via }: Owner,
		name: N,
		gather: () => Promise<Jobs[N]["takes"]>,
	): Promise<Jobs[N]["gives"]> {
		const owner = holder.user;
		const isChange = !shows.has(name);
		// Root on the local socket is who mends things, also while root's tokens are used up by somebody else.
		const own = via === "socket" ? `${owner} here` : owner;
		if ((this.#owners.get(own) ?? 0) >= mostOfOwner)
			throw new PathkeeperError("HEAVY_WORK_OF_CALLER", { user: owner });
		const most = isChange || via === "socket" ? mostJobs : mostJobs - keptJobs;
		if (this.#jobs >= most) throw new PathkeeperError("HEAVY_WORK_BUSY");
		this.#count(own, 1);
		try {
			const takes = await gather();
			return await this.#line.within(isChange, () => this.#worker.do(name, takes));
		} catch (error) {
			if (!(error instanceof JobFailed) || error.why === "fault") throw error;
			const problem = error.why === "memory" ? "too much memory" : "too long";
			throw new PathkeeperError("HEAVY_WORK_TOO_MUCH", { problem }, { cause: error });
		} finally {
			this.#count(own, -1);
		}
	}

	#count(owner: string, more: 1 | -1): void {
		const own = (this.#owners.get(owner) ?? 0) + more;
		this.#jobs += more;
		if (own === 0) this.#owners.delete(owner);
		else this.#owners.set(owner, own);
	}
}
