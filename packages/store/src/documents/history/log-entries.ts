import { isLogWanted, type LogEntry, type LogFilter, logKinds, messageOf } from "@pathkeeper/model";
import { Type } from "typebox";
import type { ChangeSet, Entry, Store, Write } from "../../store.ts";
import { jsonDocument } from "../json-document.ts";
import { dayOf, historyLayout, idOf, timeOf } from "./history-layout.ts";

const texts = Type.Array(Type.String());
const nullableText = Type.Union([Type.String(), Type.Null()]);
const document = jsonDocument(
	Type.Object({
		at: Type.Number(),
		until: Type.Number(),
		kind: Type.Enum([...logKinds]),
		event: Type.String(),
		severity: Type.Union([Type.Literal("info"), Type.Literal("warning"), Type.Literal("error")]),
		text: Type.String(),
		nodes: texts,
		luns: texts,
		ports: texts,
		paths: Type.Number(),
		count: Type.Number(),
		details: texts,
		by: nullableText,
		from: nullableText,
		unwatchedSince: Type.Union([Type.Number(), Type.Null()]),
	}),
	{ maxBytes: 4 * 1024 * 1024, maxValues: 500_000 },
);

/** The write that puts an entry into the log, or in the place of what it was. */
export function logWrite({ id, ...entry }: LogEntry): Write & { readonly op: "put" } {
	return { op: "put", key: historyLayout.entry(id), value: document.encode(entry) };
}

/** Which entries somebody wants. */
export interface LogQuery extends LogFilter {
	readonly since: number;
	readonly until: number;
	/** Only entries before this id: the next page. */
	readonly before?: string | undefined;
	readonly limit: number;
}

export interface LogPage {
	/** Newest first. */
	readonly entries: readonly LogEntry[];
	/** What to give as `before` for the next page; null: there is none. */
	readonly next: string | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/** No log reaches back longer than this many days; keeps a question for all times from asking for each of its days. */
const mostDays = 400;

/** Entries of the log, newest first. Days that are not asked for are not read. */
export async function readLog(store: Store, query: LogQuery): Promise<LogPage> {
	const begin = query.before === undefined ? query.until : Math.min(query.until, timeOf(query.before));
	const oldest = dayOf(Math.max(query.since, begin - mostDays * dayMs, 0));
	const found: LogEntry[] = [];
	for (let time = begin; dayOf(time) >= oldest && found.length <= query.limit; time -= dayMs) {
		const { entries } = await store.list(historyLayout.entriesOf(dayOf(time)));
		for (const stored of entries.toReversed()) {
			const entry = readEntry(stored);
			if (entry === null || !isLogWanted(entry, query)) continue;
			if (query.before !== undefined && entry.id >= query.before) continue;
			found.push(entry);
			if (found.length > query.limit) break;
		}
	}
	const entries = found.slice(0, query.limit);
	return { entries, next: found.length > query.limit ? (entries.at(-1)?.id ?? null) : null };
}

/**
 * The entry that stands at a key; null for a key of something else. One that cannot be read is shown as such and
 * never left out.
 */
export function readEntry({ key, value }: Entry): LogEntry | null {
	const id = idOf(key);
	if (id === null) return null;
	try {
		return { id, ...document.decode(key, value) };
	} catch (error) {
		const at = timeOf(id);
		return {
			id,
			at,
			until: at,
			kind: "log",
			event: "unreadable",
			severity: "warning",
			text: messageOf(error),
			nodes: [],
			luns: [],
			ports: [],
			paths: 0,
			count: 1,
			details: [],
			by: null,
			from: null,
			unwatchedSince: null,
		};
	}
}

/** What to watch for entries as they are written. */
export const logPrefix: string = historyLayout.entries;

/** Entries that were written or written again in one transaction, oldest first. */
export function writtenEntries({ changes }: ChangeSet): LogEntry[] {
	return changes.flatMap((change) => (change.type === "put" ? (readEntry(change.entry) ?? []) : []));
}
