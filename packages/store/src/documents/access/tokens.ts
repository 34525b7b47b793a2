import { createHash } from "node:crypto";
import { isTokenName, PathkeeperError, tokenIdOf } from "@pathkeeper/model";
import type { Store } from "../../store.ts";
import { type AccountWithTokens, type Token, tokenOf } from "./account.ts";
import { type AccessChange, type AccessEdit, changeAccess } from "./change-access.ts";
import { isSameSecret } from "./same-secret.ts";
import type { AccountToken } from "./token-documents.ts";
import { changeText, existing } from "./users.ts";

export interface TokenChange {
	readonly comment?: string;
	/** Seconds since the epoch; 0: never. */
	readonly expiresAtS?: number;
	readonly separated?: boolean;
}

const mostTokens = 100;

/**
 * Adds a token, separated unless said otherwise. The secret is given back here and nowhere else: a UUID in lower
 * case, as npm proxmox-api takes no other. Throws NOT_FOUND, ALREADY_EXISTS, PARAMETER_INVALID.
 */
export async function createToken(
	store: Store,
	user: string,
	name: string,
	{ comment = "", expiresAtS = 0, separated = true }: TokenChange,
	edit: AccessEdit,
): Promise<{ readonly token: Token; readonly secret: string }> {
	if (!isTokenName(name)) throw tokenProblem("invalid format - a letter, then letters, digits and . _ -");
	const secret = edit.random.uuid();
	const token = { name, comment, expiresAtS, separated, secretHash: hashOf(secret) };
	const about = { what: "access.token.create", detail: changeText({ expiresAtS, separated }) };
	await changeToken(store, user, name, about, edit, (account) => {
		if (account.tokens.some((other) => other.name === name))
			throw new PathkeeperError("ALREADY_EXISTS", { what: `token '${tokenIdOf(user, name)}'` });
		if (account.tokens.length >= mostTokens) throw tokenProblem(`a user has at most ${mostTokens} tokens`);
		return [...account.tokens, token];
	});
	return { token: tokenOf(token), secret };
}

/** Changes what is given; the secret stays. Throws NOT_FOUND. */
export async function updateToken(
	store: Store,
	user: string,
	name: string,
	change: TokenChange,
	edit: AccessEdit,
): Promise<Token> {
	const about = { what: "access.token.update", detail: changeText(change) };
	const account = await changeToken(store, user, name, about, edit, (before) => {
		const token = { ...existingToken(before, name), ...change };
		return before.tokens.map((other) => (other.name === name ? token : other));
	});
	return tokenOf(existingToken(account, name));
}

/** Removes a token with its entries. Throws NOT_FOUND. */
export async function deleteToken(store: Store, user: string, name: string, edit: AccessEdit): Promise<void> {
	await changeToken(store, user, name, { what: "access.token.delete" }, edit, (before) => {
		const gone = existingToken(before, name);
		return before.tokens.filter((other) => other !== gone);
	});
}

/** Whether a secret is the one of a token; does the same work without a token (null), and says no. */
export function isTokenSecret(secret: string, token: AccountToken | null): boolean {
	return isSameSecret(hashOf(secret), token?.secretHash ?? "") && token !== null;
}

/** The token of an account, or NOT_FOUND. */
function existingToken(account: AccountWithTokens, name: string): AccountToken {
	const token = account.tokens.find((other) => other.name === name);
	if (token !== undefined) return token;
	const id = tokenIdOf(account.id, isTokenName(name) ? name : "?");
	throw new PathkeeperError("NOT_FOUND", { what: `token '${id}'` });
}

async function changeToken(
	store: Store,
	user: string,
	name: string,
	about: Omit<AccessChange, "subject">,
	edit: AccessEdit,
	change: (before: AccountWithTokens) => AccountToken[],
): Promise<AccountWithTokens> {
	const subject = tokenIdOf(user, name);
	const { account } = await changeAccess(
		store,
		user,
		{ ...about, subject },
		(before) => {
			const old = existing(before.account, user);
			const after = { ...old, tokens: change(old) };
			const kept = old.tokens.some((token) => token.name === name) && hasToken(after, name);
			// Entries that an earlier token of this name left behind are not for the new one.
			return {
				account: after,
				acl: kept ? before.acl : before.acl.filter((entry) => entry.subject !== subject),
			};
		},
		edit,
	);
	return existing(account, user);
}

function hasToken(account: AccountWithTokens, name: string): boolean {
	return account.tokens.some((token) => token.name === name);
}

function hashOf(secret: string): string {
	return createHash("sha256").update(secret, "utf8").digest("hex");
}

function tokenProblem(text: string): PathkeeperError {
	return new PathkeeperError("PARAMETER_INVALID", { fields: { tokenid: text } });
}
