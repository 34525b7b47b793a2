/**
 * Every change of access control goes this one way: read the user and the list of entries, work out what they are to
 * be, let the caller judge that, write both and the audit records at once; again when somebody else wrote meanwhile.
 */
import type { Randomness } from "@pathkeeper/model";
import { type Acl, PathkeeperError } from "@pathkeeper/model";
import type { Comparison, Entry, Store, Write } from "../../store.ts";
import type { Author } from "../audit.ts";
import { audited, type Recorded } from "../audited.ts";
import { digestOf } from "../config-documents.ts";
import { accessLayout } from "./access-layout.ts";
import {
	type Account,
	type AccountWithTokens,
	accountFrom,
	encodeAccount,
	type StoredAccount,
	userOf,
	withTokens,
} from "./account.ts";
import { checkAclBounds } from "./acl-bounds.ts";
import { aclFrom, aclText, encodeAcl } from "./acl-document.ts";
import { encodeToken, listTokenDocuments, type StoredToken } from "./token-documents.ts";

/** One user and all entries, as they stand at one moment. */
export interface AccessState {
	/** Null: there is no such user, or the change is about none. */
	readonly account: AccountWithTokens | null;
	readonly acl: Acl;
}

export interface AccessEdit extends Author {
	readonly random: Randomness;
	/** Throws when the author may not do this; sees exactly the state that is written over. Absent: anything goes. */
	readonly judge?: (before: AccessState, after: AccessState) => void;
}

/** What an audit record says of a change. */
export interface AccessChange {
	readonly what: string;
	readonly subject: string;
	/** What of it was changed, in words; never a secret. */
	readonly detail?: string;
}

const tries = 20;

/**
 * `user` null: only the entries are read and may change. `about` goes into the audit. What `change` and
 * `judge` throw is thrown, and nothing changes; both may be called again. Throws PARAMETER_INVALID for too many entries.
 */
export async function changeAccess(
	store: Store,
	user: string | null,
	about: AccessChange,
	change: (before: AccessState) => AccessState,
	edit: AccessEdit,
): Promise<AccessState> {
	for (let n = 0; n < tries; n++) {
		const place = user === null ? null : await readPlace(store, user);
		const aclEntry = await store.get(accessLayout.acl);
		const before = { account: place?.account ?? null, acl: aclFrom(aclEntry) };
		const after = change(before);
		edit.judge?.(before, after);
		const accountWritten =
			place === null || before.account === after.account ? [] : accountWrites(place, after.account);
		const aclWritten = aclWrites(before.acl, after.acl);
		const [first, ...others] = [
			...(accountWritten.length === 0 ? [] : [accountRecord(about, before.account, after.account, edit)]),
			...(aclWritten.length === 0 ? [] : [aclRecord(about, before.acl, after.acl, edit)]),
		];
		if (first === undefined) return after;
		const compare = [
			...(place === null ? [] : comparisons(place, accountWritten)),
			{ key: accessLayout.acl, revision: aclEntry?.revision ?? null },
		];
		const writes = [...accountWritten, ...aclWritten];
		if ((await audited(store, { compare, writes, records: [first, ...others] })).succeeded) return after;
	}
	throw new PathkeeperError("DIGEST_CONFLICT");
}

/** What stands in the store of one user. */
interface StoredUser {
	readonly user: string;
	readonly entry: Entry | null;
	readonly stored: StoredAccount | null;
	readonly tokens: readonly StoredToken[];
	readonly account: AccountWithTokens | null;
}

async function readPlace(store: Store, user: string): Promise<StoredUser> {
	const entry = await store.get(accessLayout.account(user));
	const tokens = await listTokenDocuments(store, user);
	const stored = entry === null ? null : accountFrom(entry);
	const own = tokens.map(({ token }) => token);
	return { user, entry, stored, tokens, account: stored === null ? null : withTokens(stored, own) };
}

/** Nobody else changed the user, nor what is written of the tokens. */
function comparisons({ user, entry, tokens }: StoredUser, writes: readonly Write[]): readonly Comparison[] {
	const written = new Set(writes.map(({ key }) => key));
	const revisions = new Map(tokens.map(({ entry: { key, revision } }) => [key, revision]));
	return [
		{ key: accessLayout.account(user), revision: entry?.revision ?? null },
		...[...written]
			.filter((key) => key.startsWith(accessLayout.tokensOf(user)))
			.map((key) => ({ key, revision: revisions.get(key) ?? null })),
	];
}

/**
 * What a change of a user writes: documents of the user and of tokens, only those that differ. With a token that is
 * new the user is written as well, so that who counts or removes its tokens at the same moment begins anew.
 */
function accountWrites(
	{ user, stored, tokens, account }: StoredUser,
	after: AccountWithTokens | null,
): readonly Write[] {
	const known = new Map(tokens.map((token) => [token.token.name, token]));
	// What is left of a user who is gone does not come back with the name.
	const kept = account === null ? [] : (after?.tokens ?? []);
	const names = new Set(kept.map(({ name }) => name));
	const gone = tokens.filter(({ token }) => !names.has(token.name));
	const fresh = kept.filter((token) => !isSame(token, known.get(token.name)?.token));
	const isNew = kept.some(({ name }) => !known.has(name));
	const key = accessLayout.account(user);
	const isOther = after !== null && (stored === null || !isSame(headOf(after), headOf(stored.account)));
	const moves = (stored?.tokensInside.length ?? 0) > 0;
	return [
		...(after === null
			? [{ op: "delete", key } as const]
			: isOther || isNew || moves
				? [{ op: "put", key, value: encodeAccount(after) } as const]
				: []),
		...gone.map(({ entry }) => ({ op: "delete", key: entry.key }) as const),
		...fresh.map(
			(token) =>
				({ op: "put", key: accessLayout.token(user, token.name), value: encodeToken(token) }) as const,
		),
	];
}

function headOf({ id, comment, enabled, expiresAtS, passwordHash, sessions }: Account): Account {
	return { id, comment, enabled, expiresAtS, passwordHash, sessions };
}

function isSame(a: object, b: object | undefined): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

function aclWrites(before: Acl, after: Acl): readonly Write[] {
	if (aclText(before) === aclText(after)) return [];
	checkAclBounds(before, after);
	return [{ op: "put", key: accessLayout.acl, value: encodeAcl(after) }];
}

function accountRecord(
	about: AccessChange,
	before: AccountWithTokens | null,
	after: AccountWithTokens | null,
	edit: AccessEdit,
): Recorded {
	return recordOf(about, accountDigest(before), accountDigest(after), edit);
}

/** What became of the entries is told in words, also where they went with their user or token. */
function aclRecord({ subject }: AccessChange, before: Acl, after: Acl, edit: AccessEdit): Recorded {
	const [old, now] = [aclText(before), aclText(after)];
	const about = { what: "access.acl", subject, detail: entryChanges(old, now) };
	return recordOf(about, digestOf(old), digestOf(now), edit);
}

const mostEntriesTold = 20;

function entryChanges(before: string, after: string): string {
	const [old, now] = [before, after].map((text) => new Set(text.split("\n")));
	const lines = [
		...[...(old ?? [])].filter((line) => now?.has(line) === false).map((line) => `- ${line}`),
		...[...(now ?? [])].filter((line) => old?.has(line) === false).map((line) => `+ ${line}`),
	];
	const more = lines.length - mostEntriesTold;
	return [...lines.slice(0, mostEntriesTold), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** Of what may be shown only: a digest must not help to guess a password. */
function accountDigest(account: AccountWithTokens | null): string {
	return digestOf(account === null ? null : JSON.stringify(userOf(account)));
}

function recordOf(
	about: AccessChange,
	before: string,
	after: string,
	{ by, from, at, random }: AccessEdit,
): Recorded {
	return { record: { by, from, at, ...about, before, after }, unique: random.uuid() };
}
