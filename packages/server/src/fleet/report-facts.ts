import { factPools, type NodeFacts, nodeFacts, type Runtime } from "@pathkeeper/model";
import type { NodeReport, StoredReport } from "@pathkeeper/store";
import type { Postponed, ReportReader } from "../heavy/report-reader.ts";
import type { KnownReport } from "./node-facts.ts";

/** What was read of a node's reports. */
export interface ReadReport extends KnownReport {
	/** True: there is a newer report, which may not be read yet because this node's reports cost too much. */
	readonly isBehind: boolean;
}

/** A node whose newest report is not read for so many intervals is not known any more, as one that is silent. */
const intervalsBehind = 3;
const usualIntervalMs = 5000;

/**
 * What the reports of all nodes say, boiled down once for whoever asks. Unpacked, the reports of 100 nodes of 1,000
 * LUNs are hundreds of megabytes, so that none of them is kept.
 */
export class ReportFacts {
	readonly #pools = factPools();
	readonly #known = new Map<string, KnownReport>();
	/** Since when a newer report of a node waits to be read. */
	readonly #behindSince = new Map<string, number>();
	readonly #reader: ReportReader;
	readonly #runtime: Pick<Runtime, "monotonic" | "turn">;

	constructor(reader: ReportReader, runtime: Pick<Runtime, "monotonic" | "turn">) {
		this.#reader = reader;
		this.#runtime = runtime;
	}

	/** The whole report. Throws what `ReportReader.read` throws. */
	async reportOf(stored: StoredReport): Promise<NodeReport> {
		const read = await this.#reader.read(stored);
		return "againMs" in read ? { node: read.node, report: null, problem: postponedText(read) } : read;
	}

	/**
	 * Facts of a report, as when its node wrote it. A report that is being read lets others work in between. While the
	 * newest may not be read, the facts are those of the one before, and soon that nothing is known.
	 */
	async of(stored: StoredReport): Promise<ReadReport> {
		const { node, revision } = stored;
		const known = this.#known.get(node);
		if (known?.revision === revision) return { ...known, isBehind: false };
		await this.#runtime.turn();
		const read = await this.#reader.read(stored);
		if ("againMs" in read) return this.#behind(read, revision);
		this.#behindSince.delete(node);
		const fresh = nodeFacts({ node, online: true, report: read.report, problem: read.problem }, this.#pools);
		// A report that cannot be read takes nothing away from what was last known.
		const facts = fresh.head === null ? { ...fresh, last: lastOf(known?.facts) } : fresh;
		// Who read the store a while ago must not put back what another has read since.
		if ((this.#known.get(node)?.revision ?? -1n) < revision) this.#known.set(node, { revision, facts });
		return { revision, facts, isBehind: false };
	}

	/** Lets go of what is known of a node that does not report any more. */
	forget(node: string): void {
		this.#known.delete(node);
		this.#behindSince.delete(node);
		this.#reader.forget(node);
	}

	#behind(postponed: Postponed, revision: bigint): ReadReport {
		const { node } = postponed;
		const before = this.#known.get(node);
		const since = this.#behindSince.get(node) ?? this.#runtime.monotonic();
		this.#behindSince.set(node, since);
		const patienceMs = intervalsBehind * (before?.facts.head?.intervalMs ?? usualIntervalMs);
		if (before !== undefined && this.#runtime.monotonic() - since <= patienceMs)
			return { ...before, isBehind: true };
		const problem = postponedText(postponed);
		const last = lastOf(before?.facts);
		const facts: NodeFacts = { ...nodeFacts({ node, online: true, report: null, problem }), last };
		return { revision, facts, isBehind: true };
	}
}

/** What is last known when these facts are no longer what is now. */
function lastOf(facts: NodeFacts | undefined): NodeFacts | null {
	if (facts === undefined) return null;
	return facts.head === null ? facts.last : facts;
}

function postponedText({ node, againMs }: Postponed): string {
	return `the reports of ${node} cost much to read and come fast; the next is read in ${Math.ceil(againMs / 1000)} s`;
}
