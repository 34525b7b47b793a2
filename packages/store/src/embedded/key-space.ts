import type { DatabaseSync, StatementSync } from "node:sqlite";
import { endOfPrefix } from "../limits.ts";
import type { Comparison, Entry } from "../store.ts";
import { bytesIn, integerIn, type Row, textIn } from "./rows.ts";

/** What holds now: the table of keys, without any thought of transactions or the past. */
export class KeySpace {
	readonly #get: StatementSync;
	readonly #revisionOf: StatementSync;
	readonly #list: StatementSync;
	readonly #put: StatementSync;
	readonly #delete: StatementSync;
	readonly #leased: StatementSync;
	readonly #allLeased: StatementSync;
	readonly #revision: StatementSync;
	readonly #setRevision: StatementSync;

	constructor(db: DatabaseSync) {
		const prepare = (sql: string) => {
			const statement = db.prepare(sql);
			statement.setReadBigInts(true);
			return statement;
		};
		this.#get = prepare("SELECT key, value, revision FROM kv WHERE key = ?");
		this.#revisionOf = prepare("SELECT revision FROM kv WHERE key = ?");
		this.#list = prepare(
			"SELECT key, value, revision FROM kv WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
		);
		this.#put = prepare("INSERT OR REPLACE INTO kv (key, value, revision, lease) VALUES (?, ?, ?, ?)");
		this.#delete = prepare("DELETE FROM kv WHERE key = ?");
		this.#leased = prepare("SELECT key FROM kv WHERE lease = ? ORDER BY key");
		this.#allLeased = prepare("SELECT key FROM kv WHERE lease IS NOT NULL ORDER BY key");
		this.#revision = prepare("SELECT revision FROM state");
		this.#setRevision = prepare("UPDATE state SET revision = ?");
	}

	revision(): bigint {
		return integerIn(this.#revision.get(), "revision");
	}

	setRevision(revision: bigint): void {
		this.#setRevision.run(revision);
	}

	get(key: string): Entry | null {
		const row = this.#get.get(key);
		return row ? entryIn(row) : null;
	}

	/** The first entries, at most `limit`; null: all. */
	list(prefix: string, limit: number | null): readonly Entry[] {
		return this.#list.all(prefix, endOfPrefix(prefix), limit ?? -1).map(entryIn);
	}

	holds({ key, revision }: Comparison): boolean {
		const row = this.#revisionOf.get(key);
		return revision === null
			? row === undefined
			: row !== undefined && integerIn(row, "revision") === revision;
	}

	put(key: string, value: Uint8Array, revision: bigint, lease: string | null): void {
		this.#put.run(key, value, revision, lease);
	}

	/** False: there was no such key. */
	delete(key: string): boolean {
		return Number(this.#delete.run(key).changes) > 0;
	}

	/** Keys that end with a lease; null: with any lease. */
	keysOfLease(lease: string | null): readonly string[] {
		const rows = lease === null ? this.#allLeased.all() : this.#leased.all(lease);
		return rows.map((row) => textIn(row, "key"));
	}
}

function entryIn(row: Row): Entry {
	return { key: textIn(row, "key"), value: bytesIn(row, "value"), revision: integerIn(row, "revision") };
}
