import { setImmediate as breathe } from "node:timers/promises";
import { factPools, type NodeFacts, nodeFacts } from "@pathkeeper/model";
import type { NodeReport, StoredReport } from "@pathkeeper/store";
import { ReportReader } from "../heavy/report-reader.ts";

interface Known {
	readonly revision: bigint;
	readonly facts: NodeFacts;
}

/**
 * What the reports of all nodes say, boiled down once for whoever asks. Unpacked, the reports of 100 nodes of 1,000
 * LUNs are hundreds of megabytes, so that none of them is kept.
 */
export class ReportFacts {
	readonly #pools = factPools();
	readonly #known = new Map<string, Known>();
	readonly #reader: ReportReader;

	constructor(reader: ReportReader = new ReportReader()) {
		this.#reader = reader;
	}

	/** The whole report. Throws what `ReportReader.read` throws. */
	async reportOf(stored: StoredReport): Promise<NodeReport> {
		return await this.#reader.read(stored);
	}

	/** Facts of a report, as when its node wrote it. A report that is being read lets others work in between. */
	async of(stored: StoredReport): Promise<NodeFacts> {
		const { node, revision } = stored;
		const known = this.#known.get(node);
		if (known?.revision === revision) return known.facts;
		await breathe();
		const { report, problem } = await this.#reader.read(stored);
		const facts = nodeFacts({ node, online: true, report, problem }, this.#pools);
		// Who read the store a while ago must not put back what another has read since.
		if ((this.#known.get(node)?.revision ?? -1n) < revision) this.#known.set(node, { revision, facts });
		return facts;
	}

	/** Lets go of what is known of a node that does not report any more. */
	forget(node: string): void {
		this.#known.delete(node);
		this.#reader.forget(node);
	}
}
