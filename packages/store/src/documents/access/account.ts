import { type Static, Type } from "typebox";
import type { Entry, Store } from "../../store.ts";
import { jsonDocument, unreadable } from "../json-document.ts";
import { below } from "../layout.ts";
import { accessLayout } from "./access-layout.ts";
import { passwordHashPattern } from "./password-hash.ts";

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
	tokens: Type.Array(
		Type.Object({
			name: Type.String(),
			comment: Type.String(),
			expiresAtS: Type.Integer({ minimum: 0 }),
			separated: Type.Boolean(),
			/** SHA-256 of the secret in hex; enough, as nobody can guess a random secret. */
			secretHash: Type.String({ pattern: "^[0-9a-f]{64}$" }),
		}),
	),
});
const document = jsonDocument(accountSchema);

/**
 * A user with what proves to be one: only for who checks that. Tokens stand in their user's document, so that one
 * cannot outlive the other.
 */
export type Account = Static<typeof accountSchema>;
export type AccountToken = Account["tokens"][number];

/** Null when there is no such user. Throws DOCUMENT_UNREADABLE: who cannot be read is refused, not unknown. */
export async function readAccount(store: Store, id: string): Promise<Account | null> {
	const entry = await store.get(accessLayout.account(id));
	return entry === null ? null : accountFrom(entry);
}

/** Null when there is no such user. */
export async function readUser(store: Store, id: string): Promise<User | null> {
	const account = await readAccount(store, id);
	return account === null ? null : userOf(account);
}

/** All users by name. */
export async function readUsers(store: Store): Promise<readonly User[]> {
	const { entries } = await store.list(accessLayout.accounts);
	return entries.map((entry) => userOf(accountFrom(entry)));
}

/** An account from its entry in the store. */
export function accountFrom({ key, value }: Entry): Account {
	const account = document.decode(key, value);
	if (account.id !== below(accessLayout.accounts, key))
		throw unreadable(key, `it is about user '${account.id}'`);
	return account;
}

export function encodeAccount(account: Account): Uint8Array {
	return document.encode(account);
}

/** What may be shown of an account. */
export function userOf({ id, comment, enabled, expiresAtS, tokens }: Account): User {
	return { id, comment, enabled, expiresAtS, tokens: tokens.map(tokenOf) };
}

export function tokenOf({ name, comment, expiresAtS, separated }: AccountToken): Token {
	return { name, comment, expiresAtS, separated };
}
