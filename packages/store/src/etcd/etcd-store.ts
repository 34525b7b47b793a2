import type { Runtime } from "@pathkeeper/model";
import { checkTtl, leaseLost } from "../lease-terms.ts";
import { checkKey, checkPrefix, checkTxn } from "../limits.ts";
import type { ChangeSet, Entry, Lease, Listing, Store, StoreSpace, Txn, TxnResult } from "../store.ts";
import type { Cluster } from "./cluster.ts";
import { failureOf, unavailable } from "./etcd-errors.ts";
import type { EtcdKeys } from "./etcd-keys.ts";
import { EtcdLease } from "./etcd-lease.ts";
import { etcdSpace } from "./etcd-space.ts";
import { watchEtcd } from "./etcd-watch.ts";
import { comparisonRequest, txnRequest } from "./txn-request.ts";
import type { KeyValue, RangeResponse } from "./wire/etcd_pb.js";

// A listing is read in pages, all of one revision, of about this size.
const pageBytes = 4 * 1024 * 1024;
const firstPageRows = 16;
const longestPageRows = 4000;
/** How often a listing is begun anew because its revision was compacted meanwhile. */
const listingTries = 5;
const closeMs = 2000;

/** A fleet's store in etcd, below one root of keys. Reads are linearizable: they see what any member acknowledged. */
export class EtcdStore implements Store {
	readonly #cluster: Cluster;
	readonly #keys: EtcdKeys;
	readonly #runtime: Runtime;
	readonly #resumeMs: number;
	readonly #quota: number | null;
	readonly #leases = new Map<string, EtcdLease>();
	readonly #closing = new AbortController();

	/** Use `openEtcdStore`. `quota` null: etcd's own. */
	constructor(cluster: Cluster, keys: EtcdKeys, runtime: Runtime, resumeMs: number, quota: number | null) {
		this.#quota = quota;
		this.#cluster = cluster;
		this.#keys = keys;
		this.#runtime = runtime;
		this.#resumeMs = resumeMs;
	}

	async get(key: string): Promise<Entry | null> {
		checkKey(key);
		this.#refuseWhenClosed();
		const request = { key: this.#keys.inEtcd(key) };
		const { kvs } = await this.#cluster.repeat(({ kv }, sending) => kv.range(request, sending));
		return kvs[0] === undefined ? null : this.#entry(kvs[0]);
	}

	async list(prefix: string, limit: number = Number.POSITIVE_INFINITY): Promise<Listing> {
		checkPrefix(prefix);
		this.#refuseWhenClosed();
		for (let n = 0; n < listingTries; n++) {
			const listing = await this.#listAtOneRevision(prefix, limit);
			if (listing !== null) return listing;
		}
		throw unavailable("compaction overtakes every listing");
	}

	async txn(txn: Txn): Promise<TxnResult> {
		checkTxn(txn);
		this.#refuseWhenClosed();
		const leases = new Set(txn.writes.flatMap((write) => (write.op === "put" && write.lease) || []));
		const gone = [...leases].find(({ id }) => !this.#leases.get(id)?.isHeld);
		if (gone !== undefined) return await this.#compareOnly(txn, gone);
		const request = txnRequest(this.#keys, txn, (id) => this.#leases.get(id)?.number ?? 0n);
		const call = txn.writes.length === 0 ? "repeat" : "once";
		const result = await this.#cluster[call](async ({ kv }, sending) => {
			try {
				return await kv.txn(request, sending);
			} catch (error) {
				if (failureOf(error) === "lease-gone") return null;
				throw error;
			}
		});
		if (result !== null) return { succeeded: result.succeeded, revision: result.header?.revision ?? 0n };
		// With several leases etcd does not say which one it was; the next sign of life tells.
		const [one] = leases;
		if (one !== undefined && leases.size === 1) this.#leases.get(one.id)?.lose();
		throw leaseLost([...leases].map(({ id }) => id).join(" or "));
	}

	watch(prefix: string, fromRevision: bigint, signal: AbortSignal): AsyncGenerator<ChangeSet, void, void> {
		checkPrefix(prefix);
		return watchEtcd({
			cluster: this.#cluster,
			keys: this.#keys,
			prefix,
			fromRevision,
			signal,
			closing: this.#closing.signal,
			resumeMs: this.#resumeMs,
			runtime: this.#runtime,
		});
	}

	async lease(ttlMs: number): Promise<Lease> {
		checkTtl(ttlMs);
		this.#refuseWhenClosed();
		for (const { id, isHeld } of this.#leases.values()) if (!isHeld) this.#leases.delete(id);
		const lease = await EtcdLease.grant(this.#cluster, this.#runtime, ttlMs);
		// Closed meanwhile: it holds nothing yet and ends by itself.
		if (this.#closing.signal.aborted) lease.lose();
		this.#refuseWhenClosed();
		this.#leases.set(lease.id, lease);
		return lease;
	}

	async compact(revision: bigint): Promise<void> {
		this.#refuseWhenClosed();
		const compactTo = async (to: bigint) =>
			await this.#cluster.repeat(async ({ kv }, sending) => {
				try {
					await kv.compact({ revision: to, physical: true }, sending);
					return null;
				} catch (error) {
					const failure = failureOf(error);
					// Somebody else was here before; or our own try before, which took longer than a try may.
					if (failure === "compacted") return null;
					if (failure === "future") return failure;
					throw error;
				}
			});
		if ((await compactTo(revision)) === null) return;
		const { header } = await this.#cluster.repeat(({ kv }, sending) =>
			kv.range({ key: this.#keys.inEtcd("-"), countOnly: true }, sending),
		);
		await compactTo(header?.revision ?? 0n);
	}

	async space(): Promise<StoreSpace> {
		this.#refuseWhenClosed();
		const members = await this.#cluster.each(({ maintenance }, sending) => maintenance.status({}, sending));
		return etcdSpace(members, this.#quota, this.#cluster.urls);
	}

	/** Gives leases back, for a short time only: those that etcd does not hear of end by themselves. */
	async close(): Promise<void> {
		if (this.#closing.signal.aborted) return;
		this.#closing.abort();
		const held = [...this.#leases.values()].filter(({ isHeld }) => isHeld);
		for (const lease of held) lease.lose();
		for (const lease of held) lease.revoke().catch(() => undefined);
		await this.#cluster.close(closeMs);
	}

	/** Null: the revision that it began at was compacted before its end. */
	async #listAtOneRevision(prefix: string, most: number): Promise<Listing | null> {
		const { key: first, rangeEnd } = this.#keys.range(prefix);
		const entries: Entry[] = [];
		let key = first;
		let revision = 0n;
		let limit = Math.min(most, firstPageRows);
		for (;;) {
			const page = await this.#page({ key, rangeEnd, revision, limit: BigInt(limit) });
			if (page === null) return null;
			if (revision === 0n) revision = page.header?.revision ?? 0n;
			let bytes = 0;
			for (const row of page.kvs) {
				const entry = this.#entry(row);
				if (entry !== null) entries.push(entry);
				bytes += row.key.length + row.value.length;
			}
			const last = page.kvs.at(-1);
			if (!page.more || last === undefined || entries.length >= most) return { revision, entries };
			// The first key behind the last one.
			key = Buffer.concat([last.key, Buffer.of(0)]);
			const fitting = Math.floor(pageBytes / Math.max(1, bytes / page.kvs.length));
			limit = Math.min(longestPageRows, Math.max(1, fitting), most - entries.length);
		}
	}

	async #page(request: {
		readonly key: Uint8Array;
		readonly rangeEnd: Uint8Array;
		readonly revision: bigint;
		readonly limit: bigint;
	}): Promise<RangeResponse | null> {
		return await this.#cluster.repeat(async ({ kv }, sending) => {
			try {
				return await kv.range(request, sending);
			} catch (error) {
				if (failureOf(error) === "compacted") return null;
				throw error;
			}
		});
	}

	/** For a transaction that names a lost lease: that it is lost counts only when the comparisons hold. */
	async #compareOnly(txn: Txn, gone: Lease): Promise<TxnResult> {
		const request = comparisonRequest(this.#keys, txn);
		const { succeeded, header } = await this.#cluster.repeat(({ kv }, sending) => kv.txn(request, sending));
		if (succeeded) throw leaseLost(gone.id);
		return { succeeded, revision: header?.revision ?? 0n };
	}

	#entry({ key, value, modRevision }: KeyValue): Entry | null {
		const text = this.#keys.fromEtcd(key);
		// Copied, because these bytes are a part of the whole answer and would keep all of it in memory.
		return text === null ? null : { key: text, value: new Uint8Array(value), revision: modRevision };
	}

	#refuseWhenClosed(): void {
		if (this.#closing.signal.aborted) throw unavailable("it is closed");
	}
}
