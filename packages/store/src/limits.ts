import { PathkeeperError } from "@pathkeeper/model";
import type { Txn } from "./store.ts";

/**
 * What every driver takes, and refuses beyond, so that nothing works on one host and fails in a fleet. The figures
 * stay below etcd's defaults: requests of 1.5 MiB (`--max-request-bytes`), 128 writes (`--max-txn-ops`).
 */
export const storeLimits = {
	keyBytes: 1024,
	valueBytes: 1024 * 1024,
	/** Keys and values of one transaction together. */
	txnBytes: 1280 * 1024,
	txnWrites: 128,
} as const;

/** What a store may take on disk when nobody says otherwise, in bytes: etcd's own default (`--quota-backend-bytes` 0). */
export const defaultQuota: number = 2 * 1024 * 1024 * 1024;

const keyPattern = /^[!-~]+$/;
const prefixPattern = /^[!-~]*$/;

/** Throws BUG for a key that no driver may take: keys are made by programs, never typed by people. */
export function checkKey(key: string): void {
	if (!keyPattern.test(key) || key.length > storeLimits.keyBytes)
		throw new PathkeeperError("BUG", { problem: `store key ${JSON.stringify(key)}` });
}

export function checkPrefix(prefix: string): void {
	if (!prefixPattern.test(prefix) || prefix.length > storeLimits.keyBytes)
		throw new PathkeeperError("BUG", { problem: `store prefix ${JSON.stringify(prefix)}` });
}

/** First key text after everything that begins with `prefix`: DEL sorts behind every character of a key. */
export function endOfPrefix(prefix: string): string {
	return `${prefix}\x7f`;
}

/** Throws STORE_LIMIT for what is too large, BUG for bad keys and for a key that is written twice. */
export function checkTxn(txn: Txn): void {
	const compare = txn.compare ?? [];
	for (const { key } of compare) checkKey(key);
	const written = new Set<string>();
	let bytes = 0;
	for (const write of txn.writes) {
		checkKey(write.key);
		if (written.has(write.key))
			throw new PathkeeperError("BUG", { problem: `${write.key} is written twice at once` });
		written.add(write.key);
		bytes += write.key.length;
		if (write.op === "delete") continue;
		if (write.value.length > storeLimits.valueBytes)
			throw tooLarge(write.key, `${write.value.length} bytes, at most ${storeLimits.valueBytes}`);
		bytes += write.value.length;
	}
	const count = Math.max(txn.writes.length, compare.length);
	const what = `a transaction that begins with ${txn.writes[0]?.key ?? "nothing"}`;
	if (count > storeLimits.txnWrites)
		throw tooLarge(what, `${count} writes, at most ${storeLimits.txnWrites}`);
	if (bytes > storeLimits.txnBytes) throw tooLarge(what, `${bytes} bytes, at most ${storeLimits.txnBytes}`);
}

function tooLarge(what: string, problem: string): PathkeeperError {
	return new PathkeeperError("STORE_LIMIT", { what, problem });
}
