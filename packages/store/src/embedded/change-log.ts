import type { DatabaseSync, StatementSync } from "node:sqlite";
import { PathkeeperError } from "@pathkeeper/model";
import { endOfPrefix } from "../limits.ts";
import type { Change, ChangeSet } from "../store.ts";
import { bytesIn, integerIn, type Row, textIn } from "./rows.ts";

/** How much of the past is kept. The oldest transactions go, whole, as soon as one bound is passed. */
export interface LogBounds {
	readonly rows: number;
	readonly bytes: number;
	readonly ageMs: number;
}

/** What was read of the log, and the revision up to which that is all there was. */
export interface LogReading {
	readonly changeSets: readonly ChangeSet[];
	readonly upTo: bigint;
}

// A watcher reads this much at a time, and more only to end with a whole transaction.
const readRows = 1000;
const readBytes = 4 * 1024 * 1024;

/** The changes of the last transactions, in the store's file, where every watcher reads on at its own pace. */
export class ChangeLog {
	readonly #bounds: LogBounds;
	readonly #insert: StatementSync;
	readonly #select: StatementSync;
	readonly #oldest: StatementSync;
	readonly #delete: StatementSync;
	readonly #setCompacted: StatementSync;
	readonly #measure: StatementSync;
	readonly #state: StatementSync;
	#rows = 0;
	#bytes = 0;
	#oldestAt = 0;
	#compacted = 0n;

	constructor(db: DatabaseSync, bounds: LogBounds) {
		const prepare = (sql: string) => {
			const statement = db.prepare(sql);
			statement.setReadBigInts(true);
			return statement;
		};
		this.#bounds = bounds;
		this.#insert = prepare(
			"INSERT INTO log (revision, position, at, key, put, value) VALUES (?, ?, ?, ?, ?, ?)",
		);
		this.#select = prepare(
			"SELECT revision, key, put, value FROM log WHERE revision > ? AND key >= ? AND key < ? ORDER BY revision, position",
		);
		this.#oldest = prepare(
			`SELECT revision, count(*) AS rows, sum(length(key) + length(value)) AS bytes, max(at) AS at
			FROM log GROUP BY revision ORDER BY revision`,
		);
		this.#delete = prepare("DELETE FROM log WHERE revision <= ?");
		this.#setCompacted = prepare("UPDATE state SET compacted = ?");
		this.#measure = prepare(
			`SELECT count(*) AS rows, coalesce(sum(length(key) + length(value)), 0) AS bytes,
			coalesce((SELECT at FROM log ORDER BY revision LIMIT 1), 0) AS at FROM log`,
		);
		this.#state = prepare("SELECT compacted FROM state");
		this.reload();
	}

	/** Measures again what the file holds; after opening, and after a transaction that was rolled back. */
	reload(): void {
		const measured = this.#measure.get();
		this.#rows = Number(integerIn(measured, "rows"));
		this.#bytes = Number(integerIn(measured, "bytes"));
		this.#oldestAt = Number(integerIn(measured, "at"));
		this.#compacted = integerIn(this.#state.get(), "compacted");
	}

	/** Keeps one change; `value` null: the key was deleted. Inside the transaction that makes the change. */
	add(revision: bigint, position: number, at: number, key: string, value: Uint8Array | null): void {
		this.#insert.run(revision, position, at, key, value === null ? 0 : 1, value ?? new Uint8Array(0));
		if (this.#rows === 0) this.#oldestAt = at;
		this.#rows++;
		this.#bytes += key.length + (value?.length ?? 0);
	}

	/** Lets go of what the bounds do not keep. Inside a transaction. */
	trim(now: number): void {
		if (this.#isWithinBounds(now)) return;
		let cut: bigint | null = null;
		for (const row of this.#oldest.iterate()) {
			this.#oldestAt = Number(integerIn(row, "at"));
			if (this.#isWithinBounds(now)) break;
			cut = integerIn(row, "revision");
			this.#rows -= Number(integerIn(row, "rows"));
			this.#bytes -= Number(integerIn(row, "bytes"));
		}
		if (cut !== null) this.#cut(cut);
	}

	/** Lets go of all up to a revision. Inside a transaction. */
	compact(revision: bigint): void {
		if (revision <= this.#compacted) return;
		this.#cut(revision);
		this.reload();
	}

	/**
	 * Reads on after a revision, whole transactions only. Throws STORE_COMPACTED when that is no longer kept, or
	 * `current`, the store's revision, never reached it.
	 */
	read(prefix: string, after: bigint, current: bigint): LogReading {
		if (after < this.#compacted || after > current)
			throw new PathkeeperError("STORE_COMPACTED", { revision: String(after) });
		const changeSets: { readonly revision: bigint; readonly changes: Change[] }[] = [];
		let rows = 0;
		let bytes = 0;
		for (const row of this.#select.iterate(after, prefix, endOfPrefix(prefix))) {
			const change = changeIn(row);
			const revision = change.type === "put" ? change.entry.revision : change.revision;
			const last = changeSets.at(-1);
			if (last?.revision === revision) last.changes.push(change);
			else if (last && (rows >= readRows || bytes >= readBytes)) return { changeSets, upTo: last.revision };
			else changeSets.push({ revision, changes: [change] });
			rows++;
			bytes += change.type === "put" ? change.entry.value.length : 0;
		}
		return { changeSets, upTo: current };
	}

	#isWithinBounds(now: number): boolean {
		const { rows, bytes, ageMs } = this.#bounds;
		if (this.#rows === 0) return true;
		return this.#rows <= rows && this.#bytes <= bytes && this.#oldestAt >= now - ageMs;
	}

	#cut(revision: bigint): void {
		this.#delete.run(revision);
		this.#setCompacted.run(revision);
		this.#compacted = revision;
	}
}

function changeIn(row: Row): Change {
	const revision = integerIn(row, "revision");
	const key = textIn(row, "key");
	if (integerIn(row, "put") === 0n) return { type: "delete", key, revision };
	return { type: "put", entry: { key, value: bytesIn(row, "value"), revision } };
}
