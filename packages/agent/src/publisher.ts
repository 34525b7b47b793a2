import { PathkeeperError, type Randomness, type Report } from "@pathkeeper/model";
import {
	joinFleet,
	type Member,
	type Membership,
	ReportWriter,
	type Store,
	sameReport,
} from "@pathkeeper/store";
import type { Log } from "./log.ts";

/**
 * Brings the reports of this node into the store. Its membership hangs on a lease that is renewed only while the report
 * in the store is the current one. An agent that cannot look at its host any more, and one whose reports the store
 * refuses, go offline like a dead one. The report in the store stays as what was last known of the node.
 */
export class Publisher {
	readonly #store: Store;
	readonly #member: Omit<Member, "joinedAt">;
	readonly #log: Log;
	readonly #reports: ReportWriter;
	#membership: Membership | null = null;
	/** True for good once it has left: a look that comes to its end later must not bring the node back. */
	#hasLeft = false;
	#joined = Promise.withResolvers<void>();
	/** The report that surely stands in the store; null when that is not sure. */
	#last: Report | null = null;

	constructor(store: Store, member: Omit<Member, "joinedAt">, random: Pick<Randomness, "uuid">, log: Log) {
		this.#store = store;
		this.#member = member;
		this.#log = log;
		this.#reports = new ReportWriter(store, member.node, random);
	}

	/**
	 * Writes the report when it differs from the one in the store, then renews the lease. Throws when the store does not
	 * answer or refuses the report; the lease is not renewed then, so that the membership ends unless a later report gets
	 * through in time. Throws ALREADY_EXISTS while another run is the member. Does nothing after `leave`.
	 */
	async publish(report: Report): Promise<void> {
		if (this.#hasLeft) return;
		const membership = this.#membership;
		if (membership !== null && !membership.lease.lost.aborted) {
			try {
				await this.#publishAs(membership, report);
				return;
			} catch (error) {
				if (!isLeaseLost(error)) throw error;
			}
		}
		if (!this.#hasLeft) await this.#publishAs(await this.#join(report.at), report);
	}

	async #publishAs(membership: Membership, report: Report): Promise<void> {
		await this.#write(membership, report);
		await membership.lease.keepAlive();
	}

	async #write(membership: Membership, report: Report): Promise<void> {
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
		this.#hasLeft = true;
		const membership = this.#membership;
		this.#forget();
		await membership?.lease.revoke();
	}

	#isMember(): boolean {
		return this.#membership !== null && !this.#membership.lease.lost.aborted;
	}

	async #join(now: number): Promise<Membership> {
		if (this.#membership !== null) {
			this.#log.warn({}, "this node is no longer a member of the fleet (its lease ended); joining again");
		}
		this.#forget();
		const membership = await joinFleet(this.#store, { ...this.#member, joinedAt: now });
		if (this.#hasLeft) {
			await membership.lease.revoke();
			throw new PathkeeperError("AGENT_STOPPED");
		}
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

function isLeaseLost(error: unknown): boolean {
	return error instanceof PathkeeperError && error.code === "STORE_LEASE_LOST";
}
