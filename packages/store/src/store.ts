/**
 * The store: a small ordered key-value space with revisions, the hub between wishes and reports. Its contract is
 * the part of etcd v3 that Pathkeeper needs, so that one suite (`test/contract.ts`) holds for every driver.
 *
 * Keys are `/`-separated text. Every write gets the next revision of the whole store; a deleted key has no entry.
 */
export interface Store {
	get(key: string): Promise<Entry | null>;
	/** All entries below a prefix, ordered by key, with the revision they are all true at. */
	list(prefix: string): Promise<Listing>;
	/** Does all of `then` when every comparison holds, else nothing. */
	txn(txn: Txn): Promise<TxnResult>;
	/**
	 * Changes below a prefix after `fromRevision` (exclusive), in order, none twice. Throws STORE_COMPACTED when
	 * that revision is no longer kept: list again and watch from there.
	 */
	watch(prefix: string, fromRevision: bigint, signal: AbortSignal): AsyncIterable<Change>;
	/** Keys written with a lease vanish when it is not kept alive for its time to live. */
	lease(ttlMs: number): Promise<Lease>;
	close(): Promise<void>;
}

export interface Entry {
	readonly key: string;
	readonly value: Uint8Array;
	/** Revision of the last write of this key. */
	readonly revision: bigint;
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

export type Write =
	| { readonly op: "put"; readonly key: string; readonly value: Uint8Array; readonly lease?: Lease }
	| { readonly op: "delete"; readonly key: string };

export interface Txn {
	readonly compare?: readonly Comparison[];
	readonly then: readonly Write[];
}

export interface TxnResult {
	readonly succeeded: boolean;
	/** Revision of the store after the transaction. */
	readonly revision: bigint;
}

export type Change =
	| { readonly type: "put"; readonly entry: Entry }
	| { readonly type: "delete"; readonly key: string; readonly revision: bigint };

export interface Lease {
	readonly id: string;
	readonly ttlMs: number;
	/** Aborts when the lease is lost; what was written with it is then gone. */
	readonly lost: AbortSignal;
	keepAlive(): Promise<void>;
	revoke(): Promise<void>;
}
