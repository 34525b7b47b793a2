import { PathkeeperError } from "@pathkeeper/model";

// A timer of Node takes 2^31 ms at most, and nothing here is meant to outlive a day unattended.
const longestTtlMs = 24 * 60 * 60 * 1000;

/** Throws BUG for a time to live that no driver grants. */
export function checkTtl(ttlMs: number): void {
	if (!(ttlMs > 0 && ttlMs <= longestTtlMs))
		throw new PathkeeperError("BUG", { problem: `a lease of ${ttlMs} ms` });
}

export function leaseLost(id: string): PathkeeperError {
	return new PathkeeperError("STORE_LEASE_LOST", { lease: id });
}
