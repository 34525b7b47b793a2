import type { Comparison, Store, TxnResult, Write } from "../store.ts";
import { type AuditRecord, auditWrite } from "./audit.ts";

/** A record and what tells it from others of the same millisecond. */
export interface Recorded {
	readonly record: AuditRecord;
	readonly unique: string;
}

/** A change of what somebody wishes, with at least one record of it. */
export interface AuditedChange {
	readonly compare?: readonly Comparison[];
	readonly writes: readonly Write[];
	readonly records: readonly [Recorded, ...Recorded[]];
}

/** The transaction of a change, with its records in it: neither gets into the store without the other. */
export async function audited(
	store: Store,
	{ compare = [], writes, records }: AuditedChange,
): Promise<TxnResult> {
	const kept = records.map(({ record, unique }) => auditWrite(record, unique));
	return await store.txn({ compare, writes: [...writes, ...kept] });
}
