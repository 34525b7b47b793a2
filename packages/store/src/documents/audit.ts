import { Type } from "typebox";
import type { Store, Write } from "../store.ts";
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

/** One change that somebody made, kept for the question "who did that?". */
export interface AuditRecord extends Author {
	/** What was done, as `config.write`, `task.create`. */
	readonly what: string;
	/** What it was done to: a document, user, LUN. */
	readonly subject: string;
	/** Digests of a document before and after; null where there is none. */
	readonly before: string | null;
	readonly after: string | null;
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
	}),
);

/** The write that keeps a record; `unique` tells records of the same millisecond apart. Belongs into the txn of the change. */
export function auditWrite(record: AuditRecord, unique: string): Write {
	return { op: "put", key: layout.auditRecord(record.at, unique), value: document.encode(record) };
}

/** The newest records first, at most `limit`. A record that cannot be read is shown as such and never left out. */
export async function readAudit(store: Store, limit: number): Promise<readonly AuditRecord[]> {
	const { entries } = await store.list(layout.audit);
	return entries
		.slice(-limit)
		.reverse()
		.map(({ key, value }) => {
			try {
				return document.decode(key, value);
			} catch {
				const at = Number.parseInt(below(layout.audit, key) ?? "", 10);
				return { at, by: "?", from: null, what: "unreadable", subject: key, before: null, after: null };
			}
		});
}

/** Removes all but the newest `keep` records; gives how many went. */
export async function trimAudit(store: Store, keep: number): Promise<number> {
	const { entries } = await store.list(layout.audit);
	return await deleteAll(
		store,
		entries.slice(0, Math.max(0, entries.length - keep)).map(({ key }) => key),
	);
}
