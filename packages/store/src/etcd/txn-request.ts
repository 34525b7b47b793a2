import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Comparison, Txn, Write } from "../store.ts";
import type { EtcdKeys } from "./etcd-keys.ts";
import {
	Compare_CompareResult,
	Compare_CompareTarget,
	type CompareSchema,
	type RequestOpSchema,
	type TxnRequestSchema,
} from "./wire/etcd_pb.js";

/**
 * A transaction as etcd takes it. Values are copied, because the caller may change its bytes before they are sent.
 * `leaseNumber` gives a lease's id as etcd has it.
 */
export function txnRequest(
	keys: EtcdKeys,
	txn: Txn,
	leaseNumber: (id: string) => bigint,
): MessageInitShape<typeof TxnRequestSchema> {
	return {
		compare: comparisons(keys, txn),
		success: txn.writes.map((write) => operation(keys, write, leaseNumber)),
	};
}

/** Compares as the transaction does, and writes nothing. */
export function comparisonRequest(keys: EtcdKeys, txn: Txn): MessageInitShape<typeof TxnRequestSchema> {
	return { compare: comparisons(keys, txn) };
}

function comparisons(keys: EtcdKeys, { compare = [] }: Txn): MessageInitShape<typeof CompareSchema>[] {
	return compare.map(({ key, revision }) => ({ key: keys.inEtcd(key), ...condition(revision) }));
}

/** For a key that does not exist, etcd compares with version and revision 0. */
function condition(revision: Comparison["revision"]): MessageInitShape<typeof CompareSchema> {
	const { VERSION, MOD } = Compare_CompareTarget;
	const { EQUAL, LESS } = Compare_CompareResult;
	const noVersion = { case: "version", value: 0n } as const;
	if (revision === null) return { target: VERSION, result: EQUAL, targetUnion: noVersion };
	// No key was ever written at such a revision: must not hold, not even for one that does not exist.
	if (revision <= 0n) return { target: VERSION, result: LESS, targetUnion: noVersion };
	return { target: MOD, result: EQUAL, targetUnion: { case: "modRevision", value: revision } };
}

function operation(
	keys: EtcdKeys,
	write: Write,
	leaseNumber: (id: string) => bigint,
): MessageInitShape<typeof RequestOpSchema> {
	const key = keys.inEtcd(write.key);
	if (write.op === "delete") return { request: { case: "requestDeleteRange", value: { key } } };
	const lease = write.lease === undefined ? 0n : leaseNumber(write.lease.id);
	return { request: { case: "requestPut", value: { key, value: new Uint8Array(write.value), lease } } };
}
