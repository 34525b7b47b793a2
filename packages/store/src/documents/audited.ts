import type { Comparison, Store, TxnResult, Write } from "../store.ts";
import { type AuditRecord, auditWrite } from "./audit.ts";

/** A record and what tells it from most others of the same millisecond. */
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

/**
 * The transaction of a change, with its records in it: neither gets into the store without the other. A record never
 * takes the place of an earlier one: a second change of the same thing in the same millisecond gets a numbered key.
 */
export async function audited(
	store: Store,
	{ compare = [], writes, records }: AuditedChange,
): Promise<TxnResult> {
	for (let n = 1; ; n++) {
		const suffix = n === 1 ? "" : `-${n}`;
		const kept = records.map(({ record, unique }) => auditWrite(record, unique + suffix));
		const absent = kept.map(({ key }) => ({ key, revision: null }));
		const result = await store.txn({ compare: [...compare, ...absent], writes: [...writes, ...kept] });
		if (result.succeeded) return result;
		const taken = await Promise.all(kept.map(({ key }) => store.get(key)));
		if (taken.every((entry) => entry === null)) return result;
	}
}
