import { type AuditKind, auditKindOf, ownerOf, type Timers } from "@pathkeeper/model";
import type { Entry, Store } from "../store.ts";
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

/**
 * The newest records first, at most `limit`. With `until` or `before`, what is newer is not read, and what is older than
 * a full page is not read either. Never more than a thousand records are listed or decoded in one turn, unless they are
 * of one millisecond.
 */
export async function readAudit(
	store: Store,
	timers: Pick<Timers, "turn">,
	limit: number,
	query: AuditQuery = {},
): Promise<readonly KeptAuditRecord[]> {
	const found: KeptAuditRecord[] = [];
	for (const { prefix, newest } of spansOf(newestOf(query))) {
		if (found.length === limit || newest < (query.since ?? 0)) break;
		for await (const entries of chunksOf(store, prefix, { newest, since: query.since ?? 0 })) {
			for (const entry of entries.toReversed()) {
				const record = auditRecordFrom(entry);
				// A wide span begins where a narrow one did, and so holds again what that one held.
				if (record !== null && timeOf(record.id) <= newest && isWanted(record, query)) found.push(record);
				if (found.length === limit) return found;
			}
			// Others are answered in between.
			await timers.turn();
		}
	}
	return found;
}

const chunk = 1000;

/**
 * The records below a prefix, the newest chunk first. A store lists from the beginning of a prefix only, so what holds
 * more than a chunk is asked for by its ten parts.
 */
async function* chunksOf(
	store: Store,
	prefix: string,
	span: { readonly newest: number; readonly since: number },
): AsyncGenerator<readonly Entry[]> {
	const known = prefix.length - layout.audit.length;
	const isMoment = known === digits;
	const { entries } = await store.list(prefix, isMoment ? undefined : chunk + 1);
	if (entries.length <= chunk || isMoment) {
		yield entries;
		return;
	}
	for (const digit of [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]) {
		const part = `${prefix}${digit}`;
		const time = part.slice(layout.audit.length);
		const [first, last] = [time.padEnd(digits, "0"), time.padEnd(digits, "9")];
		if (Number(first) <= span.newest && Number(last) >= span.since) yield* chunksOf(store, part, span);
	}
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
