/**
 * The store: a small ordered key-value space with revisions, the hub between wishes and reports. Its contract is
 * the part of etcd v3 that Pathkeeper needs, so that one suite (`test/contract.ts`) holds for every driver.
 *
 * Keys are `/`-separated text of printable ASCII without blanks, so that every driver and JavaScript order them
 * alike (`limits.ts`). A transaction that changes something gets the next revision of the whole store, one for all
 * its writes; deleting what is not there changes nothing and takes no revision. A deleted key has no entry.
 *
 * Whatever throws STORE_UNAVAILABLE leaves open whether it happened: read again before doing it twice. What was
 * answered is durable.
 */
export interface Store {
	get(key: string): Promise<Entry | null>;
	/**
	 * All entries whose key begins with `prefix`, ordered by key, with the revision they are all true at. With `limit`,
	 * at most so many of them, the first ones.
	 */
	list(prefix: string, limit?: number): Promise<Listing>;
	/**
	 * Does all of `writes` when every comparison holds, else nothing. A key stands at most once in `writes`. Throws
	 * STORE_LIMIT for what is too large, STORE_LEASE_LOST when a put names a lease that is gone; both change nothing.
	 * Throws STORE_FULL when there is no room; a transaction that only deletes is done all the same.
	 */
	txn(txn: Txn): Promise<TxnResult>;
	/**
	 * What happened below a prefix after `fromRevision` (exclusive): the changes of one transaction at a time, whole,
	 * in order, none twice. Ends when the signal aborts. Throws STORE_COMPACTED when the changes since that revision
	 * are no longer kept, or the store never reached it (it was restored from a copy): list again and watch from there.
	 */
	watch(prefix: string, fromRevision: bigint, signal: AbortSignal): AsyncIterable<ChangeSet>;
	/** Keys written with a lease vanish when it is not kept alive for its time to live. STORE_FULL as for a put. */
	lease(ttlMs: number): Promise<Lease>;
	/**
	 * Lets go of the past up to a revision, so that what was written over or deleted until then takes no room. A watch
	 * from before it throws STORE_COMPACTED. A revision that is not reached yet is taken for the current one.
	 */
	compact(revision: bigint): Promise<void>;
	/** How full the store is now, over all its members. */
	space(): Promise<StoreSpace>;
	/** Ends watches and leases of this process; what was written without a lease stays. */
	close(): Promise<void>;
}

export interface Entry {
	readonly key: string;
	readonly value: Uint8Array;
	/** Revision of the last write of this key. */
	readonly revision: bigint;
}

/** The room of a store, in bytes. */
export interface StoreSpace {
	/** What documents and their kept past take. */
	readonly used: number;
	/**
	 * What counts against the quota. In etcd that is the whole file, with what is free inside it: that is used again
	 * before the file grows, but only a defragmentation takes it out of the count.
	 */
	readonly size: number;
	/** What may be taken at most; beyond, the store refuses puts. */
	readonly quota: number;
	/** Why it refuses puts now, in words; null: it takes them. */
	readonly refusing: string | null;
	/** What is left to an administrator who wants more room, in order: commands, or sentences. */
	readonly remedies: readonly string[];
}

export interface Listing {
	readonly revision: bigint;
	readonly entries: readonly Entry[];
}

/** Compares the revision of a key's last write; null: the key must not exist. */
export interface Comparison {
	readonly key: string;
	readonly revision: bigint | null;
}

/** A put without a lease frees the key from the lease that it was written with before. */
export type Write =
	| { readonly op: "put"; readonly key: string; readonly value: Uint8Array; readonly lease?: Lease }
	| { readonly op: "delete"; readonly key: string };

export interface Txn {
	readonly compare?: readonly Comparison[];
	readonly writes: readonly Write[];
}

export interface TxnResult {
	readonly succeeded: boolean;
	/** Revision of the store after the transaction. */
	readonly revision: bigint;
}

/** The changes of one transaction (or of one lease that ended) below a watched prefix; never empty. */
export interface ChangeSet {
	readonly revision: bigint;
	readonly changes: readonly Change[];
}

export type Change =
	| { readonly type: "put"; readonly entry: Entry }
	| { readonly type: "delete"; readonly key: string; readonly revision: bigint };

export interface Lease {
	readonly id: string;
	/** What was granted, at least what was asked for, in milliseconds. */
	readonly ttlMs: number;
	/**
	 * Aborts when the lease is lost: it ended, the store was closed, or no keepAlive was answered for its time to
	 * live. What was written with it is then gone, or about to go. A revoke by its holder is no loss.
	 */
	readonly lost: AbortSignal;
	/** Throws STORE_LEASE_LOST when it came too late: take a new lease and write again. */
	keepAlive(): Promise<void>;
	/** Ends the lease now; what was written with it is gone when this resolves. Twice is harmless. */
	revoke(): Promise<void>;
}
