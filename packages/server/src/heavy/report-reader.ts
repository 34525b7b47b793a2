import { messageOf, type Runtime } from "@pathkeeper/model";
import { decodeLightReport, type NodeReport, type PackedReport, type StoredReport } from "@pathkeeper/store";
import { JobFailed } from "./heavy-worker.ts";
import type { Jobs } from "./jobs.ts";

/** Reads reports elsewhere than here; throws JobFailed. */
export interface ReportJobs {
	do(name: "report", takes: Jobs["report"]["takes"]): Promise<NodeReport>;
}

/** What is known to cost too much, until it changes. */
interface Refused {
	readonly revision: bigint;
	readonly problem: string;
}

interface Rest {
	readonly until: number;
	/** Of the report that cost it. */
	readonly revision: bigint;
}

/** A report that its node may not have read yet. */
export interface Postponed {
	readonly node: string;
	/** Milliseconds until it may be asked for again. */
	readonly againMs: number;
}

/** A node whose reports are costly has them read for a tenth of the time; then it rests for this many times as long. */
const restFactor = 9;
/** And at least for so long, in milliseconds. */
const leastRestMs = 1000;

/**
 * Reads reports, none of which can hold up the server: a light one here, which costs some tens of milliseconds at most;
 * any other in a worker thread with a limit of memory and time. One that passes the limits is a problem of its node,
 * and is not read again until the node writes another. However fast a node writes costly ones, the time that is spent
 * on it is bounded: the others are not to wait for it.
 */
export class ReportReader {
	readonly #worker: ReportJobs;
	readonly #clock: Pick<Runtime, "monotonic">;
	readonly #refused = new Map<string, Refused>();
	/**
	 * Until when a node rests: whatever it writes meanwhile is not read; what was read may be read again. A node that
	 * takes its report away rests all the same.
	 */
	readonly #rests = new Map<string, Rest>();
	#sweepAt = leastSweep;
	/** Reports that are being read in the thread, by node and revision: who asks meanwhile gets the same. */
	readonly #flights = new Map<string, Promise<NodeReport>>();

	constructor(worker: ReportJobs, clock: Pick<Runtime, "monotonic">) {
		this.#worker = worker;
		this.#clock = clock;
	}

	/** How many nodes rest, for what they cost or cost a while ago. */
	get resting(): number {
		return this.#rests.size;
	}

	/** Never throws for what a report is or costs, nor when the thread does not work: all is a problem of that report. */
	async read({ node, revision, packed }: StoredReport): Promise<NodeReport | Postponed> {
		const refused = this.#refused.get(node);
		if (refused?.revision === revision) return { node, report: null, problem: refused.problem };
		const rest = this.#rests.get(node);
		const againMs =
			rest === undefined || rest.revision === revision ? 0 : rest.until - this.#clock.monotonic();
		if (againMs > 0) return { node, againMs };
		const bytes = packed();
		if ("problem" in bytes) return { node, report: null, problem: bytes.problem };
		const read = decodeLightReport(node, bytes) ?? (await this.#readOnce(node, revision, bytes));
		if (read.problem !== null) this.#refused.set(node, { revision, problem: read.problem });
		else this.#refused.delete(node);
		return read;
	}

	/** Lets go of what is known of a node that does not report any more; what it has cost stays until its rest is over. */
	forget(node: string): void {
		this.#refused.delete(node);
	}

	#readOnce(node: string, revision: bigint, packed: PackedReport): Promise<NodeReport> {
		const name = `${node} ${revision}`;
		const flight =
			this.#flights.get(name) ??
			this.#readHeavy(node, revision, packed).finally(() => this.#flights.delete(name));
		this.#flights.set(name, flight);
		return flight;
	}

	async #readHeavy(node: string, revision: bigint, packed: PackedReport): Promise<NodeReport> {
		const began = this.#clock.monotonic();
		try {
			return await this.#readTwice(node, packed);
		} catch (error) {
			const failed = error instanceof JobFailed ? error : new JobFailed("fault", messageOf(error));
			return { node, report: null, problem: problemOf(failed, packed.key) };
		} finally {
			const ended = this.#clock.monotonic();
			const until = ended + Math.max(leastRestMs, restFactor * (ended - began));
			this.#rest(node, { until, revision }, ended);
		}
	}

	/** A thread may end by what is no matter of the report: such a job is done once more. */
	async #readTwice(node: string, packed: PackedReport): Promise<NodeReport> {
		try {
			return await this.#worker.do("report", { node, packed });
		} catch (error) {
			if (error instanceof JobFailed && error.why !== "fault") throw error;
			return await this.#worker.do("report", { node, packed });
		}
	}

	#rest(node: string, rest: Rest, now: number): void {
		this.#rests.delete(node);
		this.#rests.set(node, rest);
		if (this.#rests.size < this.#sweepAt) return;
		for (const [other, { until }] of this.#rests) if (until <= now) this.#rests.delete(other);
		this.#sweepAt = Math.max(leastSweep, 2 * this.#rests.size);
	}
}

function problemOf({ why, message }: JobFailed, key: string): string {
	if (why === "fault")
		return `${key} could not be read, and is not until it changes: the worker thread failed twice (${message})`;
	const what = why === "memory" ? "more memory" : "more time";
	return `${key} takes ${what} to read than the report of any host, and is not read until it changes; see what writes it`;
}

/** Rests that are over are dropped once there are so many, or twice as many as were not over the last time. */
const leastSweep = 256;

/** Limits of a thread that reads reports: the largest that may be takes a tenth of the time and half of the memory. */
export const reportThread = { deadlineMs: 30_000, memoryMb: 512 };
