import type { Runtime } from "@pathkeeper/model";
import { leaseLost } from "../lease-terms.ts";
import type { Lease } from "../store.ts";
import type { Cluster, Sending } from "./cluster.ts";
import type { Services } from "./endpoint.ts";
import { failureOf, unavailable } from "./etcd-errors.ts";

/**
 * A lease of etcd. The time to live counts here from when the request was sent that etcd answered, and there from
 * when it came, so this side takes the lease for lost before the other one does. What is lost here stays so, even
 * when etcd would still take a sign of life: its holder has been told.
 */
export class EtcdLease implements Lease {
	readonly id: string;
	readonly ttlMs: number;
	/** The id as etcd has it. */
	readonly number: bigint;
	readonly #cluster: Cluster;
	readonly #runtime: Runtime;
	readonly #lost = new AbortController();
	#deadline: number;
	#held = true;
	#callOff: () => void = () => undefined;

	private constructor(cluster: Cluster, runtime: Runtime, number: bigint, ttlMs: number, sentAt: number) {
		this.#cluster = cluster;
		this.#runtime = runtime;
		this.number = number;
		this.id = BigInt.asUintN(64, number).toString(16);
		this.ttlMs = ttlMs;
		this.#deadline = sentAt + ttlMs;
		this.#look();
	}

	/** etcd counts in seconds and has a shortest time to live of its own, so it may grant more. */
	static async grant(cluster: Cluster, runtime: Runtime, ttlMs: number): Promise<EtcdLease> {
		const ttl = BigInt(Math.ceil(ttlMs / 1000));
		return await cluster.repeat(async ({ lease }, sending) => {
			const sentAt = runtime.monotonic();
			const granted = await lease.leaseGrant({ TTL: ttl }, sending);
			return new EtcdLease(cluster, runtime, granted.ID, Number(granted.TTL) * 1000, sentAt);
		});
	}

	get lost(): AbortSignal {
		return this.#lost.signal;
	}

	/** False: nothing may be written with it any more. */
	get isHeld(): boolean {
		return this.#held && this.#runtime.monotonic() < this.#deadline;
	}

	async keepAlive(): Promise<void> {
		this.#refuseWhenLost();
		const { sentAt, ttlMs } = await this.#cluster.repeat(async (services, sending) => {
			const at = this.#runtime.monotonic();
			return { sentAt: at, ttlMs: await keepAliveOnce(services, this.number, sending) };
		});
		if (ttlMs <= 0) this.lose();
		this.#refuseWhenLost();
		this.#deadline = Math.max(this.#deadline, sentAt + ttlMs);
	}

	async revoke(): Promise<void> {
		this.#let();
		if (this.#cluster.isClosed) return;
		await this.#cluster.repeat(async ({ lease }, sending) => {
			try {
				await lease.leaseRevoke({ ID: this.number }, sending);
			} catch (error) {
				if (failureOf(error) !== "lease-gone") throw error;
			}
		});
	}

	/** Takes the lease for lost, unless its holder gave it back. */
	lose(): void {
		if (!this.#held) return;
		this.#let();
		this.#lost.abort(leaseLost(this.id));
	}

	#refuseWhenLost(): void {
		if (this.isHeld) return;
		this.lose();
		throw leaseLost(this.id);
	}

	/** A timer looks when the lease would end; kept alive meanwhile, it looks again then. */
	#look(): void {
		const leftMs = this.#deadline - this.#runtime.monotonic();
		if (leftMs <= 0) this.lose();
		else this.#callOff = this.#runtime.schedule(leftMs, () => this.#look());
	}

	#let(): void {
		this.#held = false;
		this.#callOff();
	}
}

/** What etcd grants from now on, in milliseconds; 0 when the lease is gone. */
async function keepAliveOnce({ lease }: Services, ID: bigint, sending: Sending): Promise<number> {
	let ttlMs: number | null = null;
	// Read to its end, which comes at once: a stream that is left open would last until the timeout.
	for await (const { TTL } of lease.leaseKeepAlive(one({ ID }), sending)) ttlMs = Number(TTL) * 1000;
	if (ttlMs === null) throw unavailable("no answer to a keep-alive");
	return ttlMs;
}

async function* one<T>(message: T): AsyncGenerator<T, void, void> {
	yield message;
}
