import { Type } from "typebox";
import type { Store, Write } from "../../store.ts";
import type { Author } from "../audit.ts";
import { audited } from "../audited.ts";
import { jsonDocument } from "../json-document.ts";
import { accessLayout } from "./access-layout.ts";
import { type AccessEdit, changeAccess } from "./change-access.ts";
import { existing } from "./users.ts";

const document = jsonDocument(Type.Object({ untilS: Type.Integer({ minimum: 0 }) }));
/** So many ended sessions of a user are kept; beyond, all sessions of the user end. */
const mostEnded = 64;

/** Whether a session of a user was ended before its time. `session`: its id, in hex. */
export async function isSessionEnded(store: Store, user: string, session: string): Promise<boolean> {
	return (await store.get(accessLayout.endedSession(user, session))) !== null;
}

/**
 * Ends one session of a user. It is remembered until `untilS`, when it would have ended by itself; those that are past
 * that at `nowS` are forgotten. Both are seconds since the epoch. False: too many are remembered, and nothing was done.
 */
export async function endSession(
	store: Store,
	user: string,
	session: string,
	{ untilS, nowS, author }: { readonly untilS: number; readonly nowS: number; readonly author: Author },
): Promise<boolean> {
	const { entries } = await store.list(accessLayout.endedSessions(user));
	const past = entries.filter(({ key, value }) => document.decode(key, value).untilS <= nowS);
	if (entries.length - past.length >= mostEnded) return false;
	const key = accessLayout.endedSession(user, session);
	const writes: readonly Write[] = [
		{ op: "put", key, value: document.encode({ untilS }) },
		...past.filter((entry) => entry.key !== key).map((entry) => ({ op: "delete" as const, key: entry.key })),
	];
	const record = { ...author, what: "access.user.sessions", subject: user, before: null, after: null };
	await audited(store, { writes, records: [{ record, unique: session }] });
	return true;
}

/** Ends all sessions of a user. Throws NOT_FOUND. */
export async function endAllSessions(store: Store, user: string, edit: AccessEdit): Promise<void> {
	const sessions = edit.random.uuid();
	await changeAccess(
		store,
		user,
		{ what: "access.user.sessions", subject: user },
		({ account, acl }) => ({ account: { ...existing(account, user), sessions }, acl }),
		edit,
	);
}
