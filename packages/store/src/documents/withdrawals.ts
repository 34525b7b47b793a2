import { PathkeeperError } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Lease, Store } from "../store.ts";
import type { Author } from "./audit.ts";
import { audited } from "./audited.ts";
import { jsonDocument } from "./json-document.ts";
import { below, layout } from "./layout.ts";

/**
 * A LUN that is being forgotten. From before the first node is asked until the end (done, refused or cancelled), no
 * agent adds or removes this WWID by itself: the task alone decides what happens to its maps and entries.
 */
export interface Withdrawal {
	readonly wwid: string;
	/** Null when what stands in the store cannot be read: hands stay off all the same. */
	readonly author: Author | null;
}

const document = jsonDocument(
	Type.Object({
		wwid: Type.String(),
		at: Type.Number(),
		by: Type.String(),
		from: Type.Union([Type.String(), Type.Null()]),
	}),
);

/**
 * Throws ALREADY_EXISTS when the LUN is being forgotten already. It ends with the lease: then the agents have the LUN
 * again, also when the process that forgets it died on the way.
 */
export async function beginWithdrawal(
	store: Store,
	wwid: string,
	author: Author,
	lease: Lease,
): Promise<void> {
	const { at, by, from } = author;
	const key = layout.withdrawal(wwid);
	const value = document.encode({ wwid, at, by, from });
	const record = { at, by, from, what: "lun.withdraw", subject: wwid, before: null, after: null };
	const { succeeded } = await audited(store, {
		compare: [{ key, revision: null }],
		writes: [{ op: "put", key, value, lease }],
		records: [{ record, unique: `withdrawal-${wwid}` }],
	});
	if (!succeeded) throw new PathkeeperError("ALREADY_EXISTS", { what: `a withdrawal of LUN ${wwid}` });
}

/** What to list or watch for `withdrawalsFrom`. */
export const withdrawalPrefix: string = layout.withdrawals;

export async function readWithdrawals(store: Store): Promise<ReadonlyMap<string, Withdrawal>> {
	return withdrawalsFrom((await store.list(withdrawalPrefix)).entries);
}

/** By WWID. One that cannot be read still counts: the key alone says whose hands stay off. */
export function withdrawalsFrom(entries: readonly Entry[]): ReadonlyMap<string, Withdrawal> {
	const withdrawals = new Map<string, Withdrawal>();
	for (const { key, value } of entries) {
		const wwid = below(withdrawalPrefix, key);
		if (wwid === null) continue;
		try {
			const { at, by, from } = document.decode(key, value);
			withdrawals.set(wwid, { wwid, author: { at, by, from } });
		} catch {
			withdrawals.set(wwid, { wwid, author: null });
		}
	}
	return withdrawals;
}
