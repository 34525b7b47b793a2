import type { Lease, Store } from "../../store.ts";

/** A lease that lasts as long as its holder goes on reporting progress. */
export interface KeptLease {
	readonly lease: Lease;
	/** Renews the lease when it is time to; cheap to call often. A lease that cannot be renewed shows in `lost`. */
	readonly renew: () => Promise<void>;
	readonly isLost: () => boolean;
	/** Ends it, and with it what was written with it; when the store does not answer, it ends by itself. */
	readonly end: () => Promise<void>;
}

/**
 * Takes a lease for a piece of work. It is renewed by the steps of the work and by no timer, so that work that hangs
 * loses it like work that died. `ttlMs`: time to live, in milliseconds; `now`: milliseconds. Throws what `Store.lease`
 * throws.
 */
export async function keepLease(store: Store, ttlMs: number, now: () => number): Promise<KeptLease> {
	const lease = await store.lease(ttlMs);
	let renewedAt = now();
	return {
		lease,
		async renew() {
			if (now() - renewedAt < ttlMs / 5) return;
			renewedAt = now();
			await lease.keepAlive().catch(() => undefined);
		},
		isLost: () => lease.lost.aborted,
		end: () => lease.revoke().catch(() => undefined),
	};
}
