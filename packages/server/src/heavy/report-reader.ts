import { decodeLightReport, type NodeReport, type StoredReport } from "@pathkeeper/store";
import { HeavyWorker, JobFailed } from "./heavy-worker.ts";

/** What is known to cost too much, until it changes. */
interface Refused {
	readonly revision: bigint;
	readonly problem: string;
}

/**
 * Reads reports, none of which can hold up the server: a light one here, which costs some tens of milliseconds at most;
 * any other in a worker thread with a limit of memory and time. One that passes the limits is a problem of its node,
 * and is not read again until the node writes another.
 */
export class ReportReader {
	readonly #worker: Pick<HeavyWorker, "do">;
	readonly #refused = new Map<string, Refused>();

	constructor(worker: Pick<HeavyWorker, "do"> = new HeavyWorker(threadLimits)) {
		this.#worker = worker;
	}

	/** Never throws for what a report is or costs; throws JobFailed for a fault of ours. */
	async read({ node, revision, packed }: StoredReport): Promise<NodeReport> {
		const refused = this.#refused.get(node);
		if (refused?.revision === revision) return { node, report: null, problem: refused.problem };
		const bytes = packed();
		if ("problem" in bytes) return { node, report: null, problem: bytes.problem };
		const read = decodeLightReport(node, bytes) ?? (await this.#readHeavy(node, bytes));
		if (read.problem !== null) this.#refused.set(node, { revision, problem: read.problem });
		else this.#refused.delete(node);
		return read;
	}

	/** Lets go of what is known of a node that does not report any more. */
	forget(node: string): void {
		this.#refused.delete(node);
	}

	async #readHeavy(node: string, packed: Parameters<typeof decodeLightReport>[1]): Promise<NodeReport> {
		try {
			return await this.#worker.do("report", { node, packed });
		} catch (error) {
			if (!(error instanceof JobFailed) || error.why === "fault") throw error;
			const what = error.why === "memory" ? "more memory" : "more time";
			const problem = `${packed.key} takes ${what} to read than the report of any host, and is not read until it changes; see what writes it`;
			return { node, report: null, problem };
		}
	}
}

/** The largest report that the limits allow takes a tenth of the time and half of the memory. */
const threadLimits = { deadlineMs: 30_000, memoryMb: 512 };
