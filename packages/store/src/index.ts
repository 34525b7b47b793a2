export type { Change, Comparison, Entry, Lease, Listing, Store, Txn, TxnResult, Write } from "./store.ts";
