import { type Acl, isUserId, ownerOf, PathkeeperError, rootUser } from "@pathkeeper/model";
import type { Store } from "../../store.ts";
import { type AccountWithTokens, type User, userOf } from "./account.ts";
import { type AccessEdit, changeAccess } from "./change-access.ts";

export interface UserChange {
	readonly comment?: string;
	readonly enabled?: boolean;
	/** Seconds since the epoch; 0: never. */
	readonly expiresAtS?: number;
}

/**
 * Adds a user who may do nothing yet: what entries were left for the name are gone. `passwordHash` null: nobody can
 * log in. Throws ALREADY_EXISTS, PARAMETER_INVALID for a name that none may have.
 */
export async function createUser(
	store: Store,
	user: UserChange & { readonly id: string; readonly passwordHash: string | null },
	edit: AccessEdit,
): Promise<User> {
	const { id, comment = "", enabled = true, expiresAtS = 0, passwordHash } = user;
	const sessions = edit.random.uuid();
	const account = { id, comment, enabled, expiresAtS, passwordHash, sessions, tokens: [] };
	await changeAccess(
		store,
		id,
		{ what: "access.user.create", subject: id },
		(before) => {
			if (before.account !== null) throw new PathkeeperError("ALREADY_EXISTS", { what: `user '${id}'` });
			return { account, acl: withoutUser(before.acl, id) };
		},
		edit,
	);
	return userOf(account);
}

/** Changes what is given. Who is disabled has no sessions to come back to. Throws NOT_FOUND. */
export async function updateUser(
	store: Store,
	id: string,
	change: UserChange,
	edit: AccessEdit,
): Promise<void> {
	const sessions = edit.random.uuid();
	await changeAccess(
		store,
		id,
		{ what: "access.user.update", subject: id, detail: changeText(change) },
		({ account, acl }) => {
			const before = existing(account, id);
			const after = { ...before, ...change };
			return { account: after.enabled ? after : { ...after, sessions }, acl };
		},
		edit,
	);
}

/** Sets a password by its hash and ends all sessions. Throws NOT_FOUND. */
export async function setPassword(
	store: Store,
	id: string,
	passwordHash: string,
	edit: AccessEdit,
): Promise<void> {
	const sessions = edit.random.uuid();
	await changeAccess(
		store,
		id,
		{ what: "access.user.password", subject: id },
		({ account, acl }) => ({ account: { ...existing(account, id), passwordHash, sessions }, acl }),
		edit,
	);
}

/** Removes a user with their tokens and entries. Throws NOT_FOUND, and PARAMETER_INVALID for root@local, whom the local socket needs. */
export async function deleteUser(store: Store, id: string, edit: AccessEdit): Promise<void> {
	if (id === rootUser)
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: { userid: `${rootUser} cannot be deleted; disable it instead` },
		});
	await changeAccess(
		store,
		id,
		{ what: "access.user.delete", subject: id },
		({ account, acl }) => {
			existing(account, id);
			return { account: null, acl: withoutUser(acl, id) };
		},
		edit,
	);
}

/** The account, or NOT_FOUND. */
export function existing(account: AccountWithTokens | null, id: string): AccountWithTokens {
	if (account !== null) return account;
	throw new PathkeeperError("NOT_FOUND", { what: `user '${isUserId(id) ? id : "?"}'` });
}

/** What was changed of a user or token; a comment may be long, and is not repeated. */
export function changeText(change: UserChange & { readonly separated?: boolean }): string {
	const { comment, enabled, expiresAtS, separated } = change;
	return [
		...(enabled === undefined ? [] : [enabled ? "enabled" : "disabled"]),
		...(expiresAtS === undefined ? [] : [`expires ${expiresAtS === 0 ? "never" : dateText(expiresAtS)}`]),
		...(separated === undefined
			? []
			: [separated ? "with rights of its own" : "with all rights of its user"]),
		...(comment === undefined ? [] : ["comment"]),
	].join(", ");
}

function dateText(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}

function withoutUser(acl: Acl, id: string): Acl {
	return acl.filter(({ subject }) => ownerOf(subject) !== id);
}
