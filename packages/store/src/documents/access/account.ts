import { type Static, Type } from "typebox";
import type { Entry, Store } from "../../store.ts";
import { jsonDocument, unreadable } from "../json-document.ts";
import { below } from "../layout.ts";
import { accessLayout } from "./access-layout.ts";
import { passwordHashPattern } from "./password-hash.ts";
import { type AccountToken, listTokenDocuments, readTokenDocument, tokenSchema } from "./token-documents.ts";

/** A user, as anybody who may look at users sees them: without what proves to be one. */
export interface User {
	/** `name@realm`. */
	readonly id: string;
	readonly comment: string;
	readonly enabled: boolean;
	/** Seconds since the epoch from which on the user is refused; 0: never. */
	readonly expiresAtS: number;
	readonly tokens: readonly Token[];
}

/** A token of a user, without its secret. */
export interface Token {
	/** Name within its user. */
	readonly name: string;
	readonly comment: string;
	/** Seconds since the epoch from which on the token is refused; 0: never. */
	readonly expiresAtS: number;
	/** True: it has only what entries give it, too; false: all that its user has. */
	readonly separated: boolean;
}

const accountSchema = Type.Object({
	id: Type.String(),
	comment: Type.String(),
	enabled: Type.Boolean(),
	expiresAtS: Type.Integer({ minimum: 0 }),
	/** Null: nobody can log in as this user. */
	passwordHash: Type.Union([Type.String({ pattern: passwordHashPattern }), Type.Null()]),
	/** Goes into the signature of tickets; a new one ends all sessions. */
	sessions: Type.String({ minLength: 16 }),
	/** Where tokens stood before each had a document of its own; whoever changes the user moves them there. */
	tokens: Type.Optional(Type.Array(tokenSchema)),
});
const document = jsonDocument(accountSchema);

/** A user with what proves to be one: only for who checks that. */
export type Account = Omit<Static<typeof accountSchema>, "tokens">;

/** The same with the tokens, by name. */
export interface AccountWithTokens extends Account {
	readonly tokens: readonly AccountToken[];
}

/** An account as it stands in its document. */
export interface StoredAccount {
	readonly account: Account;
	/** Tokens that stand in this document, and not in one of their own. */
	readonly tokensInside: readonly AccountToken[];
}

/** Null when there is no such user. Throws DOCUMENT_UNREADABLE: who cannot be read is refused, not unknown. */
export async function readAccount(store: Store, id: string): Promise<Account | null> {
	const entry = await store.get(accessLayout.account(id));
	return entry === null ? null : accountFrom(entry).account;
}

/** An account and one of its tokens, each null when there is none. Throws DOCUMENT_UNREADABLE. */
export async function readAccountAndToken(
	store: Store,
	id: string,
	name: string,
): Promise<{ readonly account: Account | null; readonly token: AccountToken | null }> {
	const entry = await store.get(accessLayout.account(id));
	if (entry === null) return { account: null, token: null };
	const { account, tokensInside } = accountFrom(entry);
	const token = await readTokenDocument(store, id, name);
	return { account, token: token ?? tokensInside.find((inside) => inside.name === name) ?? null };
}

/** Null when there is no such user. */
export async function readUser(store: Store, id: string): Promise<User | null> {
	const entry = await store.get(accessLayout.account(id));
	if (entry === null) return null;
	const tokens = (await listTokenDocuments(store, id)).map(({ token }) => token);
	return userOf(withTokens(accountFrom(entry), tokens));
}

/** All users by name. */
export async function readUsers(store: Store): Promise<readonly User[]> {
	const { entries } = await store.list(accessLayout.accounts);
	const tokens = Map.groupBy(await listTokenDocuments(store, null), ({ user }) => user);
	return entries.map((entry) => {
		const stored = accountFrom(entry);
		const own = tokens.get(stored.account.id) ?? [];
		return userOf(
			withTokens(
				stored,
				own.map(({ token }) => token),
			),
		);
	});
}

/** An account from its entry in the store. */
export function accountFrom({ key, value }: Entry): StoredAccount {
	const { tokens = [], ...account } = document.decode(key, value);
	if (account.id !== below(accessLayout.accounts, key))
		throw unreadable(key, `it is about user '${account.id}'`);
	return { account, tokensInside: tokens };
}

/** An account with its tokens, wherever they stand; one with a document of its own is as that says. */
export function withTokens(
	{ account, tokensInside }: StoredAccount,
	own: readonly AccountToken[],
): AccountWithTokens {
	const names = new Set(own.map(({ name }) => name));
	const tokens = [...own, ...tokensInside.filter(({ name }) => !names.has(name))];
	return { ...account, tokens: tokens.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** The document of an account, without its tokens. */
export function encodeAccount({
	id,
	comment,
	enabled,
	expiresAtS,
	passwordHash,
	sessions,
}: Account): Uint8Array {
	// A server of before wants the list, and finds none of the tokens in it.
	return document.encode({ id, comment, enabled, expiresAtS, passwordHash, sessions, tokens: [] });
}

/** What may be shown of an account. */
export function userOf({ id, comment, enabled, expiresAtS, tokens }: AccountWithTokens): User {
	return { id, comment, enabled, expiresAtS, tokens: tokens.map(tokenOf) };
}

export function tokenOf({ name, comment, expiresAtS, separated }: AccountToken): Token {
	return { name, comment, expiresAtS, separated };
}
