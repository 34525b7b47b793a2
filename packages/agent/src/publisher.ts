import type { Report } from "@pathkeeper/model";
import { joinFleet, type Lease, type Member, ReportWriter, type Store, sameReport } from "@pathkeeper/store";
import type { Log } from "./log.ts";

/**
 * Brings the reports of this node into the store. Report and membership hang on one lease that is kept alive by
 * looks at the host and by nothing else: an agent that lives but cannot look any more goes offline like a dead one.
 */
export class Publisher {
	readonly #store: Store;
	readonly #member: Omit<Member, "joinedAt">;
	readonly #log: Log;
	readonly #reports: ReportWriter;
	#lease: Lease | null = null;
	#last: Report | null = null;

	constructor(store: Store, member: Omit<Member, "joinedAt">, log: Log) {
		this.#store = store;
		this.#member = member;
		this.#log = log;
		this.#reports = new ReportWriter(store, member.node);
	}

	/** Keeps the lease alive and writes the report when it says something new. Throws when the store does not answer. */
	async publish(report: Report): Promise<void> {
		const lease = await this.#keepLease(report.at);
		if (this.#last !== null && sameReport(this.#last, report)) return;
		await this.#reports.write(report, lease);
		this.#last = report;
	}

	/** Leaves the fleet: the node is offline at once instead of when its lease ends. */
	async leave(): Promise<void> {
		await this.#lease?.revoke();
		this.#lease = null;
	}

	async #keepLease(now: number): Promise<Lease> {
		if (this.#lease !== null && !this.#lease.lost.aborted) {
			await this.#lease.keepAlive();
			return this.#lease;
		}
		if (this.#lease !== null)
			this.#log.warn({}, "the store forgot this node (its lease was lost); joining again");
		this.#last = null;
		this.#lease = await joinFleet(this.#store, { ...this.#member, joinedAt: now });
		return this.#lease;
	}
}
