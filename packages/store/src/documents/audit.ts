import { Type } from "typebox";
import { storeLimits } from "../limits.ts";
import type { Entry, Store, Write } from "../store.ts";
import { deleteAll } from "./delete-all.ts";
import { jsonDocument } from "./json-document.ts";
import { below, layout } from "./layout.ts";

/** Who makes a change, from where, and when. */
export interface Author {
	/** User such as `root@local`, or a part of Pathkeeper such as `agent n3`. */
	readonly by: string;
	/** Address of the client; null for the local socket. */
	readonly from: string | null;
	/** Milliseconds since the epoch. */
	readonly at: number;
}

/** One change that somebody made or was refused, kept for the question "who did that?". */
export interface AuditRecord extends Author {
	/** What was done, as `config.write`, `task.create`; its first word is one of `auditKinds`. */
	readonly what: string;
	/** What it was done to: a document, user, LUN. */
	readonly subject: string;
	/** Digests of a document before and after; null where there is none. */
	readonly before: string | null;
	readonly after: string | null;
	/** More about it in words: what was changed of a user, the UPID of a task. */
	readonly detail?: string;
	/** How many times it happened from `at` to `until`; absent: once. */
	readonly count?: number;
	/** Last time it happened, milliseconds since the epoch; absent: at `at`. */
	readonly until?: number;
}

/** A record as it is kept. */
export interface KeptAuditRecord extends AuditRecord {
	/** Begins with the time, so that ids sort by it. */
	readonly id: string;
}

const nullableText = Type.Union([Type.String(), Type.Null()]);
const document = jsonDocument(
	Type.Object({
		at: Type.Number(),
		by: Type.String(),
		from: nullableText,
		what: Type.String(),
		subject: Type.String(),
		before: nullableText,
		after: nullableText,
		detail: Type.Optional(Type.String()),
		count: Type.Optional(Type.Integer({ minimum: 1 })),
		until: Type.Optional(Type.Number()),
	}),
);

/** What to list or watch for records. */
export const auditPrefix: string = layout.audit;

/**
 * The write that keeps a record; `unique` tells records of the same millisecond apart. Belongs into the transaction of
 * the change: `audited` puts it there.
 */
export function auditWrite(record: AuditRecord, unique: string): Write {
	return { op: "put", key: layout.auditRecord(record.at, unique), value: document.encode(record) };
}

/** Null for a key of something else. A record that cannot be read is shown as such and never left out. */
export function auditRecordFrom({ key, value }: Entry): KeptAuditRecord | null {
	const id = below(layout.audit, key);
	if (id === null) return null;
	try {
		return { id, ...document.decode(key, value) };
	} catch {
		const at = Number.parseInt(id, 10);
		return { id, at, by: "?", from: null, what: "unreadable", subject: key, before: null, after: null };
	}
}

/** Removes the records from before a moment, oldest first (milliseconds since the epoch); gives how many went. */
export async function trimAudit(store: Store, before: number): Promise<number> {
	const end = layout.auditRecord(Math.max(0, Math.trunc(before)), "");
	for (let count = 0; ; ) {
		// A few at a time: nobody knows how many there are.
		const { entries } = await store.list(layout.audit, storeLimits.txnWrites);
		const old = entries.filter(({ key }) => key < end);
		count += await deleteAll(
			store,
			old.map(({ key }) => key),
		);
		if (old.length < storeLimits.txnWrites) return count;
	}
}
