import { PathkeeperError } from "@pathkeeper/model";
import { below, isNodeName, layout } from "./documents/layout.ts";
import { storeLimits } from "./limits.ts";
import type { Comparison, Entry, Store, Write } from "./store.ts";

export interface CopyOptions {
	/**
	 * Takes a target that holds documents already, and makes it what the source is: what the source does not have is
	 * deleted there. Without it such a target is refused.
	 */
	readonly replace?: boolean;
	/** Told after each transaction. */
	readonly onProgress?: (progress: CopyProgress) => void;
}

export interface CopyProgress {
	readonly documents: number;
	/** How many there are to copy. */
	readonly of: number;
}

export interface CopyResult {
	readonly documents: number;
	/** Of their values. */
	readonly bytes: number;
	/** How many were copied of each kind, by the first part of their keys. */
	readonly copied: Readonly<Record<string, number>>;
	/**
	 * How many of each kind the source keeps: they speak for a process that runs, and that makes them anew where it
	 * runs next. Where there are members, agents work with the source now.
	 */
	readonly left: Readonly<Record<string, number>>;
	/** How many documents of the target were deleted, because the source does not have them. */
	readonly deleted: number;
	/** Keys that somebody wrote in the source since; the copy does not have that. Stop who does, and copy again. */
	readonly changedMeanwhile: readonly string[];
}

const leftBehind: readonly string[] = [layout.members, layout.withdrawals, layout.locks];

/**
 * Copies a fleet's documents as they are at one moment, and reads all of them back.
 *
 * Throws STORE_NOT_EMPTY before anything is written; STORE_COPY_DIFFERS when somebody else writes to the target; the
 * errors of both stores, and then the target is to be copied to again with `replace`.
 */
export async function copyStore(from: Store, to: Store, options: CopyOptions = {}): Promise<CopyResult> {
	const { replace = false, onProgress } = options;
	const source = await from.list("");
	const target = (await to.list("")).entries;
	const isCopied = copiedTo(target);
	const entries = source.entries.filter(({ key }) => isCopied(key));
	if (target.length > 0 && !replace) throw new PathkeeperError("STORE_NOT_EMPTY", { count: target.length });

	const wanted = new Map(entries.map((entry) => [entry.key, entry]));
	const surplus = target.map(({ key }) => key).filter((key) => isCopied(key) && !wanted.has(key));
	for (const writes of batches(surplus.map((key) => ({ op: "delete", key })))) await to.txn({ writes });
	let documents = 0;
	for (const writes of batches(entries.map(put))) {
		const compare: readonly Comparison[] = replace ? [] : writes.map(({ key }) => ({ key, revision: null }));
		const { succeeded } = await to.txn({ compare, writes });
		if (!succeeded) throw differs(writes[0]?.key ?? "");
		documents += writes.length;
		onProgress?.({ documents, of: entries.length });
	}
	await verify(to, wanted, isCopied);
	return {
		documents,
		bytes: entries.reduce((sum, { value }) => sum + value.length, 0),
		copied: countKinds(entries),
		left: countKinds(source.entries.filter(({ key }) => !isCopied(key))),
		deleted: surplus.length,
		changedMeanwhile: await changesSince(from, source.revision, wanted, isCopied),
	};
}

/**
 * Which keys are copied into a store that holds these entries. Reports are, as what was last known of their nodes; but
 * where an agent works with the target already, its own report stays: the copy would be taken for what it says now.
 */
function copiedTo(target: readonly Entry[]): (key: string) => boolean {
	const running = target.flatMap(({ key }) => below(layout.members, key) ?? []).filter(isNodeName);
	const kept = new Set(running.map((node) => layout.report(node)));
	const left = [...leftBehind, ...running.map((node) => layout.reportPartsOf(node))];
	return (key) => !kept.has(key) && !left.some((prefix) => key.startsWith(prefix));
}

function put({ key, value }: Entry): Write {
	return { op: "put", key, value };
}

/** As few transactions as the limits allow, in order. */
function* batches(writes: readonly Write[]): Generator<readonly Write[], void, void> {
	let batch: Write[] = [];
	let bytes = 0;
	for (const write of writes) {
		const size = write.key.length + (write.op === "put" ? write.value.length : 0);
		if (batch.length === storeLimits.txnWrites || bytes + size > storeLimits.txnBytes) {
			yield batch;
			batch = [];
			bytes = 0;
		}
		batch.push(write);
		bytes += size;
	}
	if (batch.length > 0) yield batch;
}

async function verify(
	to: Store,
	wanted: ReadonlyMap<string, Entry>,
	isCopied: (key: string) => boolean,
): Promise<void> {
	const found = new Map((await to.list("")).entries.map((entry) => [entry.key, entry]));
	for (const [key, { value }] of wanted) {
		const copy = found.get(key);
		if (copy === undefined || Buffer.compare(copy.value, value) !== 0) throw differs(key);
	}
	for (const key of found.keys()) if (isCopied(key) && !wanted.has(key)) throw differs(key);
}

async function changesSince(
	from: Store,
	revision: bigint,
	wanted: ReadonlyMap<string, Entry>,
	isCopied: (key: string) => boolean,
): Promise<readonly string[]> {
	const { entries } = await from.list("");
	const now = new Set(entries.map(({ key }) => key));
	const written = entries.filter((entry) => isCopied(entry.key) && entry.revision > revision);
	const deleted = [...wanted.keys()].filter((key) => !now.has(key));
	return [...written.map(({ key }) => key), ...deleted].sort();
}

function countKinds(entries: readonly Entry[]): Readonly<Record<string, number>> {
	const counts = new Map<string, number>();
	for (const { key } of entries) {
		const kind = key.split("/", 1).join("");
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	return Object.fromEntries(counts);
}

function differs(key: string): PathkeeperError {
	return new PathkeeperError("STORE_COPY_DIFFERS", { key });
}
