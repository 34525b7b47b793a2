/** The document of each token: a key of its own, so that a change of one rewrites neither the others nor the user. */
import { isTokenName } from "@pathkeeper/model";
import { type Static, Type } from "typebox";
import type { Entry, Store } from "../../store.ts";
import { jsonDocument, unreadable } from "../json-document.ts";
import { below } from "../layout.ts";
import { accessLayout } from "./access-layout.ts";

export const tokenSchema = Type.Object({
	name: Type.String(),
	comment: Type.String(),
	expiresAtS: Type.Integer({ minimum: 0 }),
	separated: Type.Boolean(),
	/** SHA-256 of the secret in hex; enough, as nobody can guess a random secret. */
	secretHash: Type.String({ pattern: "^[0-9a-f]{64}$" }),
});
const document = jsonDocument(tokenSchema);

/** A token with what proves to have it: only for who checks that. */
export type AccountToken = Static<typeof tokenSchema>;

export interface StoredToken {
	readonly user: string;
	readonly token: AccountToken;
	readonly entry: Entry;
}

/** Null when there is no document of this token. Throws DOCUMENT_UNREADABLE. */
export async function readTokenDocument(
	store: Store,
	user: string,
	name: string,
): Promise<AccountToken | null> {
	if (!isTokenName(name)) return null;
	const entry = await store.get(accessLayout.token(user, name));
	return entry === null ? null : tokenFrom(entry).token;
}

/** Documents of the tokens of a user, or of all users, by user and name. Throws DOCUMENT_UNREADABLE. */
export async function listTokenDocuments(store: Store, user: string | null): Promise<readonly StoredToken[]> {
	const { entries } = await store.list(user === null ? accessLayout.tokens : accessLayout.tokensOf(user));
	return entries.map(tokenFrom);
}

export function encodeToken(token: AccountToken): Uint8Array {
	return document.encode(token);
}

function tokenFrom(entry: Entry): StoredToken {
	const { key, value } = entry;
	const token = document.decode(key, value);
	const [user = "", name] = (below(accessLayout.tokens, key) ?? "").split("/");
	if (token.name !== name) throw unreadable(key, `it is about token '${token.name}'`);
	return { user, token, entry };
}
