import { PathkeeperError, type Report } from "@pathkeeper/model";
import {
	joinFleet,
	type Lease,
	type Member,
	type Membership,
	ReportWriter,
	type Store,
	sameReport,
} from "@pathkeeper/store";
import type { Log } from "./log.ts";

/**
 * Brings the reports of this node into the store. Its membership hangs on a lease that is kept alive by looks at the
 * host and by nothing else: an agent that lives but cannot look any more goes offline like a dead one. Its report stays
 * as what was last known of the node.
 */
export class Publisher {
	readonly #store: Store;
	readonly #member: Omit<Member, "joinedAt">;
	readonly #log: Log;
	readonly #reports: ReportWriter;
	#membership: Membership | null = null;
	#joined = Promise.withResolvers<void>();
	/** The report that surely stands in the store; null when that is not sure. */
	#last: Report | null = null;

	constructor(store: Store, member: Omit<Member, "joinedAt">, log: Log) {
		this.#store = store;
		this.#member = member;
		this.#log = log;
		this.#reports = new ReportWriter(store, member.node);
	}

	/** Keeps the lease alive and writes the report when it says something new. Throws when the store does not answer. */
	async publish(report: Report): Promise<void> {
		const membership = await this.#keepMembership(report.at);
		if (this.#last !== null && sameReport(this.#last, report)) {
			// The next report holds the very objects of this one where nothing changed, and is compared in no time.
			this.#last = report;
			return;
		}
		// A write that fails may have been done all the same: then nobody knows which report stands in the store.
		this.#last = null;
		await this.#reports.write(report, membership);
		this.#last = report;
		this.#log.debug({ at: report.at }, "observe: a changed report was written");
	}

	/**
	 * Resolves while this run of the agent is the one that speaks for its node, or when the signal aborts. Two hosts
	 * that were given one name must not both take its tasks.
	 */
	async membership(signal: AbortSignal): Promise<void> {
		const aborted = Promise.withResolvers<void>();
		const abort = () => aborted.resolve();
		signal.addEventListener("abort", abort);
		try {
			while (!signal.aborted && !this.#isMember())
				await Promise.race([this.#joined.promise, aborted.promise]);
		} finally {
			signal.removeEventListener("abort", abort);
		}
	}

	/** Leaves the fleet: the node is offline at once instead of when its lease ends. */
	async leave(): Promise<void> {
		const membership = this.#membership;
		this.#forget();
		await membership?.lease.revoke();
	}

	#isMember(): boolean {
		return this.#membership !== null && !this.#membership.lease.lost.aborted;
	}

	async #keepMembership(now: number): Promise<Membership> {
		if (this.#membership !== null && (await isKept(this.#membership.lease))) return this.#membership;
		if (this.#membership !== null) {
			this.#log.warn({}, "the store forgot this node (its lease was lost); joining again");
		}
		this.#forget();
		const membership = await joinFleet(this.#store, { ...this.#member, joinedAt: now });
		membership.lease.lost.addEventListener("abort", () => {
			if (this.#membership === membership) this.#joined = Promise.withResolvers<void>();
		});
		this.#membership = membership;
		this.#joined.resolve();
		return membership;
	}

	#forget(): void {
		// Whoever waits since the lease was lost must go on waiting for the same promise.
		if (this.#isMember()) this.#joined = Promise.withResolvers<void>();
		this.#membership = null;
		this.#last = null;
	}
}

async function isKept(lease: Lease): Promise<boolean> {
	if (lease.lost.aborted) return false;
	try {
		await lease.keepAlive();
		return true;
	} catch (error) {
		if (error instanceof PathkeeperError && error.code === "STORE_LEASE_LOST") return false;
		throw error;
	}
}
