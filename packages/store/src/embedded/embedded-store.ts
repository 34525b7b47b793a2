import type { DatabaseSync } from "node:sqlite";
import { messageOf, PathkeeperError, type Runtime } from "@pathkeeper/model";
import { leaseLost } from "../lease-terms.ts";
import { checkKey, checkPrefix, checkTxn, defaultQuota } from "../limits.ts";
import type { ChangeSet, Entry, Lease, Listing, Store, StoreSpace, Txn, TxnResult } from "../store.ts";
import { ChangeLog, type LogBounds } from "./change-log.ts";
import { Changes } from "./changes.ts";
import { FileSpace } from "./file-space.ts";
import { KeySpace } from "./key-space.ts";
import { LeaseBook } from "./lease-book.ts";
import { openStoreFile } from "./store-file.ts";

export interface EmbeddedStoreOptions {
	/** The store's file; its folder is made when missing. SQLite keeps a `-wal` file beside it: back up both, or neither. */
	readonly path: string;
	readonly runtime: Runtime;
	/** How much of the past watches can go back to. */
	readonly log?: Partial<LogBounds>;
	/** What the file may take on disk at most, in bytes. */
	readonly quota?: number;
}

const defaultBounds: LogBounds = { rows: 20_000, bytes: 64 * 1024 * 1024, ageMs: 60 * 60 * 1000 };
const retryMs = 1000;
/** The past takes no more than this part of the room. */
const logShare = 4;

/**
 * Opens the store in a file, or makes an empty one when there is none. Throws STORE_IN_USE, STORE_DAMAGED,
 * STORE_TOO_NEW or FILE_UNSAFE, and then leaves the file as it was.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
	const { path, runtime, log = {}, quota = defaultQuota } = options;
	const db = openStoreFile(path, runtime);
	try {
		const bytes = Math.min(defaultBounds.bytes, Math.floor(quota / logShare));
		return new EmbeddedStore(
			db,
			runtime,
			{ ...defaultBounds, bytes, ...log },
			new FileSpace(db, path, quota),
		);
	} catch (error) {
		db.close();
		throw new PathkeeperError("STORE_DAMAGED", { path, problem: messageOf(error) }, { cause: error });
	}
}

/** A transaction that waits for the next commit. */
interface Job {
	readonly txn: Txn;
	readonly resolve: (result: TxnResult) => void;
	readonly reject: (error: PathkeeperError) => void;
}

/**
 * The store of one host: a SQLite file that one process holds. Transactions that come in one turn of the event loop
 * share a commit, and with it one sync of the disk; none is answered before that sync (`synchronous = FULL`), so a
 * crash or a power cut loses nothing that was answered.
 *
 * Calls to SQLite block the event loop, for a commit as long as the disk takes to sync; the bounds of values,
 * transactions and log keep that short.
 */
export class EmbeddedStore implements Store {
	readonly #db: DatabaseSync;
	readonly #keys: KeySpace;
	readonly #log: ChangeLog;
	readonly #leases: LeaseBook;
	readonly #runtime: Runtime;
	readonly #space: FileSpace;
	readonly #jobs: Job[] = [];
	/** Leases that ended, whose keys still stand. */
	readonly #ended = new Set<string>();
	readonly #watchers = new Set<() => void>();
	#revision: bigint;
	#commitIsDue = false;
	#closed = false;

	/** For a file that `openStoreFile` opened; use `openEmbeddedStore`. */
	constructor(db: DatabaseSync, runtime: Runtime, bounds: LogBounds, space: FileSpace) {
		this.#db = db;
		this.#space = space;
		this.#runtime = runtime;
		this.#keys = new KeySpace(db);
		this.#log = new ChangeLog(db, bounds);
		this.#leases = new LeaseBook(runtime, (id) => this.#endKeysOf(id));
		this.#revision = this.#keys.revision();
		// No lease outlives the process that held it.
		const endAll = () => this.#inTransaction((change) => change.deleteAll(this.#keys.keysOfLease(null)));
		try {
			endAll();
		} catch (error) {
			if (!space.isFull(error)) throw error;
			this.#inTransaction(() => this.#log.compact(this.#revision));
			endAll();
		}
	}

	async get(key: string): Promise<Entry | null> {
		checkKey(key);
		return this.#reading(() => this.#keys.get(key));
	}

	async list(prefix: string, limit?: number): Promise<Listing> {
		checkPrefix(prefix);
		return this.#reading(() => ({
			revision: this.#revision,
			entries: this.#keys.list(prefix, limit ?? null),
		}));
	}

	async txn(txn: Txn): Promise<TxnResult> {
		checkTxn(txn);
		// Copied, because the caller may change its bytes before the commit.
		const writes = txn.writes.map((write) =>
			write.op === "put" ? { ...write, value: Uint8Array.from(write.value) } : write,
		);
		return await this.#enqueue({ compare: [...(txn.compare ?? [])], writes });
	}

	async *watch(
		prefix: string,
		fromRevision: bigint,
		signal: AbortSignal,
	): AsyncGenerator<ChangeSet, void, void> {
		checkPrefix(prefix);
		let seen = fromRevision;
		while (!signal.aborted) {
			const { changeSets, upTo } = this.#reading(() => this.#log.read(prefix, seen, this.#revision));
			for (const changeSet of changeSets) {
				yield changeSet;
				if (signal.aborted) return;
			}
			seen = upTo;
			if (seen === this.#revision) await this.#nextCommit(signal);
		}
	}

	async lease(ttlMs: number): Promise<Lease> {
		this.#refuseWhenClosed();
		const { id, lost } = this.#leases.grant(ttlMs);
		return {
			id,
			ttlMs,
			lost,
			keepAlive: async () => {
				this.#refuseWhenClosed();
				this.#leases.keepAlive(id);
			},
			revoke: async () => {
				if (this.#closed) return;
				if (this.#leases.end(id)) this.#ended.add(id);
				if (this.#ended.has(id)) await this.#enqueue({ writes: [] });
			},
		};
	}

	async compact(revision: bigint): Promise<void> {
		const upTo = revision < this.#revision ? revision : this.#revision;
		this.#reading(() => this.#inTransaction(() => this.#log.compact(upTo)));
	}

	async space(): Promise<StoreSpace> {
		return this.#reading(() => this.#space.space());
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#commit();
		this.#closed = true;
		this.#leases.close();
		for (const wake of this.#watchers) wake();
		try {
			this.#inTransaction((change) => change.deleteAll(this.#keys.keysOfLease(null)));
		} catch {
			// The next opening takes them away.
		}
		this.#db.close();
	}

	async #enqueue(txn: Txn): Promise<TxnResult> {
		this.#refuseWhenClosed();
		const { promise, resolve, reject } = Promise.withResolvers<TxnResult>();
		this.#jobs.push({ txn, resolve, reject });
		this.#commitSoon();
		return await promise;
	}

	#commitSoon(): void {
		if (this.#commitIsDue) return;
		this.#commitIsDue = true;
		void this.#runtime.turn().then(() => this.#commit());
	}

	#commit(): void {
		this.#commitIsDue = false;
		if (this.#closed) return;
		const jobs = this.#jobs.splice(0);
		const ended = [...this.#ended];
		if (jobs.length === 0 && ended.length === 0) return;
		const answers: (() => void)[] = [];
		try {
			this.#inTransaction((change) => {
				for (const id of ended) change.deleteAll(this.#keys.keysOfLease(id));
				for (const job of jobs) answers.push(this.#apply(job, change));
			});
		} catch (error) {
			if (this.#space.isFull(error)) this.#commitApart(jobs, ended);
			else for (const { reject } of jobs) reject(unavailable(error));
			if (this.#ended.size > 0) this.#runtime.schedule(retryMs, () => this.#commitSoon());
			return;
		}
		for (const id of ended) this.#ended.delete(id);
		for (const answer of answers) answer();
		if (jobs.some(({ txn }) => txn.writes.some(({ op }) => op === "put"))) this.#space.worked();
	}

	/**
	 * Without room for all at once: the past goes first, since watchers can list again, and then each transaction gets
	 * in that still has room. Deletions have, and each of them makes more.
	 */
	#commitApart(jobs: readonly Job[], ended: readonly string[]): void {
		const attempt = (work: (change: Changes) => void): unknown => {
			try {
				this.#inTransaction(work);
				return null;
			} catch (error) {
				return error;
			}
		};
		attempt(() => this.#log.compact(this.#revision));
		for (const id of ended)
			if (attempt((change) => change.deleteAll(this.#keys.keysOfLease(id))) === null) this.#ended.delete(id);
		for (const job of jobs) {
			let answer: () => void = () => undefined;
			const error = attempt((change) => {
				answer = this.#apply(job, change);
			});
			if (error === null) answer();
			else if (this.#space.isFull(error))
				job.reject(new PathkeeperError("STORE_FULL", { problem: this.#space.problem }, { cause: error }));
			else job.reject(unavailable(error));
		}
	}

	/** Does one transaction inside the common commit; what it gives is to be called once that is done. */
	#apply({ txn, resolve, reject }: Job, change: Changes): () => void {
		if (!(txn.compare ?? []).every((comparison) => this.#keys.holds(comparison))) {
			const revision = change.revision;
			return () => resolve({ succeeded: false, revision });
		}
		for (const write of txn.writes)
			if (write.op === "put" && write.lease && !this.#leases.isAlive(write.lease.id)) {
				const { id } = write.lease;
				return () => reject(leaseLost(id));
			}
		change.begin();
		for (const write of txn.writes) {
			if (write.op === "put") change.put(write.key, write.value, write.lease?.id ?? null);
			else change.delete(write.key);
		}
		const revision = change.revision;
		return () => resolve({ succeeded: true, revision });
	}

	/** Does work in one transaction of SQLite; nothing of it happened when this throws. Wakes the watchers. */
	#inTransaction(work: (changes: Changes) => void): void {
		const changes = new Changes(this.#keys, this.#log, this.#revision, this.#runtime.now());
		this.#db.exec("BEGIN IMMEDIATE");
		try {
			work(changes);
			this.#keys.setRevision(changes.revision);
			this.#log.trim(this.#runtime.now());
			this.#db.exec("COMMIT");
		} catch (error) {
			if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
			this.#log.reload();
			throw error;
		}
		this.#revision = changes.revision;
		for (const wake of this.#watchers) wake();
	}

	#endKeysOf(lease: string): void {
		this.#ended.add(lease);
		this.#commitSoon();
	}

	async #nextCommit(signal: AbortSignal): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		const wake = () => resolve();
		this.#watchers.add(wake);
		signal.addEventListener("abort", wake, { once: true });
		try {
			if (!signal.aborted) await promise;
		} finally {
			this.#watchers.delete(wake);
			signal.removeEventListener("abort", wake);
		}
	}

	#reading<T>(read: () => T): T {
		this.#refuseWhenClosed();
		try {
			return read();
		} catch (error) {
			throw unavailable(error);
		}
	}

	#refuseWhenClosed(): void {
		if (this.#closed) throw unavailable(new Error("it is closed"));
	}
}

function unavailable(error: unknown): PathkeeperError {
	if (error instanceof PathkeeperError) return error;
	return new PathkeeperError("STORE_UNAVAILABLE", { problem: messageOf(error) }, { cause: error });
}
