/**
 * Every change of access control goes this one way: read the user and the list of entries, work out what they are to
 * be, let the caller judge that, write both and the audit records at once; again when somebody else wrote meanwhile.
 */
import { type Acl, PathkeeperError } from "@pathkeeper/model";
import type { Store, Write } from "../../store.ts";
import { type Author, auditWrite } from "../audit.ts";
import { digestOf } from "../config-documents.ts";
import { accessLayout } from "./access-layout.ts";
import { type Account, accountFrom, encodeAccount, userOf } from "./account.ts";
import { aclFrom, aclText, encodeAcl } from "./acl-document.ts";
import type { Randomness } from "./randomness.ts";

/** One user and all entries, as they stand at one moment. */
export interface AccessState {
	/** Null: there is no such user, or the change is about none. */
	readonly account: Account | null;
	readonly acl: Acl;
}

export interface AccessEdit extends Author {
	readonly random: Randomness;
	/** Throws when the author may not do this; sees exactly the state that is written over. Absent: anything goes. */
	readonly judge?: (before: AccessState, after: AccessState) => void;
}

const tries = 20;

/**
 * `user` null: only the entries are read and may change. `what` and `subject` go into the audit. What `change` and
 * `judge` throw is thrown, and nothing changes; both may be called again.
 */
export async function changeAccess(
	store: Store,
	user: string | null,
	about: { readonly what: string; readonly subject: string },
	change: (before: AccessState) => AccessState,
	edit: AccessEdit,
): Promise<AccessState> {
	for (let n = 0; n < tries; n++) {
		const accountKey = user === null ? null : accessLayout.account(user);
		const accountEntry = accountKey === null ? null : await store.get(accountKey);
		const aclEntry = await store.get(accessLayout.acl);
		const before = {
			account: accountEntry === null ? null : accountFrom(accountEntry),
			acl: aclFrom(aclEntry),
		};
		const after = change(before);
		edit.judge?.(before, after);
		const writes = [
			...(accountKey === null ? [] : accountWrites(accountKey, before.account, after.account, about, edit)),
			...aclWrites(before.acl, after.acl, about, edit),
		];
		if (writes.length === 0) return after;
		const compare = [
			...(accountKey === null ? [] : [{ key: accountKey, revision: accountEntry?.revision ?? null }]),
			{ key: accessLayout.acl, revision: aclEntry?.revision ?? null },
		];
		if ((await store.txn({ compare, writes })).succeeded) return after;
	}
	throw new PathkeeperError("DIGEST_CONFLICT");
}

type About = { readonly what: string; readonly subject: string };

function accountWrites(
	key: string,
	before: Account | null,
	after: Account | null,
	about: About,
	edit: AccessEdit,
): readonly Write[] {
	if (before === after) return [];
	return [
		after === null ? { op: "delete", key } : { op: "put", key, value: encodeAccount(after) },
		record(about, accountDigest(before), accountDigest(after), edit),
	];
}

function aclWrites(before: Acl, after: Acl, about: About, edit: AccessEdit): readonly Write[] {
	if (aclText(before) === aclText(after)) return [];
	return [
		{ op: "put", key: accessLayout.acl, value: encodeAcl(after) },
		record({ ...about, what: "access.acl" }, digestOf(aclText(before)), digestOf(aclText(after)), edit),
	];
}

/** Of what may be shown only: a digest must not help to guess a password. */
function accountDigest(account: Account | null): string {
	return digestOf(account === null ? null : JSON.stringify(userOf(account)));
}

function record(about: About, before: string, after: string, { by, from, at, random }: AccessEdit): Write {
	return auditWrite({ by, from, at, ...about, before, after }, random.uuid());
}
