import { type AuditKind, auditKindOf, ownerOf } from "@pathkeeper/model";
import type { Store } from "../store.ts";
import { auditRecordFrom, type KeptAuditRecord } from "./audit.ts";
import { layout } from "./layout.ts";

/** Which records somebody wants; what is absent asks for all. */
export interface AuditQuery {
	/** Moments in milliseconds since the epoch that the record begins at, both included. */
	readonly since?: number | undefined;
	readonly until?: number | undefined;
	/** A user, with their tokens; or one token; or a part of Pathkeeper. */
	readonly user?: string | undefined;
	readonly kind?: AuditKind | undefined;
	/** Only records before the one with this id: the next page. */
	readonly before?: string | undefined;
}

const idPattern = /^(\d{15})-[!-~]{1,600}$/;

/** True for the id of a record: its time in milliseconds, and what tells records of one time apart. */
export function isAuditId(text: string): boolean {
	return idPattern.test(text);
}

/**
 * The newest records first, at most `limit`. With `until` or `before`, what is newer is not read, and what is older than
 * a full page is not read either.
 */
export async function readAudit(
	store: Store,
	limit: number,
	query: AuditQuery = {},
): Promise<readonly KeptAuditRecord[]> {
	const found: KeptAuditRecord[] = [];
	for (const { prefix, newest } of spansOf(newestOf(query))) {
		if (found.length === limit || newest < (query.since ?? 0)) break;
		const { entries } = await store.list(prefix);
		for (const entry of entries.toReversed()) {
			const record = auditRecordFrom(entry);
			// A wide span begins where a narrow one did, and so holds again what that one held.
			if (record !== null && timeOf(record.id) <= newest && isWanted(record, query)) found.push(record);
			if (found.length === limit) break;
		}
	}
	return found;
}

/** A key begins with milliseconds in 15 digits, so what begins alike is of one span of time. */
const digits = 15;
/** First 28 hours at a time, then 12 days, 116 days and 3 years: few requests for a page, and few for all times. */
const zeros = [8, 8, 8, 9, 9, 9, 10, 10, 10];
const mostZeros = 11;

/** From the newest moment that is asked for back to the epoch; absent: all at once. */
function* spansOf(
	newest: number | undefined,
): Generator<{ readonly prefix: string; readonly newest: number }> {
	if (newest === undefined) {
		yield { prefix: layout.audit, newest: Number.POSITIVE_INFINITY };
		return;
	}
	let time = Math.min(Math.trunc(newest), 10 ** digits - 1);
	for (let n = 0; time >= 0; n++) {
		const length = digits - (zeros[n] ?? mostZeros);
		const prefix = String(time).padStart(digits, "0").slice(0, length);
		yield { prefix: layout.audit + prefix, newest: time };
		time = Number(prefix.padEnd(digits, "0")) - 1;
	}
}

function newestOf({ until, before }: AuditQuery): number | undefined {
	const moments = [
		...(until === undefined ? [] : [until]),
		...(before === undefined ? [] : [timeOf(before)]),
	];
	return moments.length === 0 ? undefined : Math.min(...moments);
}

/** Milliseconds since the epoch; of what is no id, the beginning of all times. */
function timeOf(id: string): number {
	return Number(idPattern.exec(id)?.[1] ?? 0);
}

function isWanted(record: KeptAuditRecord, { since, until, user, kind, before }: AuditQuery): boolean {
	return (
		(since === undefined || record.at >= since) &&
		(until === undefined || record.at <= until) &&
		(user === undefined || record.by === user || ownerOf(record.by) === user) &&
		(kind === undefined || auditKindOf(record.what) === kind) &&
		(before === undefined || record.id < before)
	);
}
