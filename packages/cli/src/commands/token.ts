import { accessRoutes, PathkeeperError, parseTokenId } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { commentText, expiryText, type TokenRow } from "./access-rows.ts";
import { done } from "./user.ts";

export interface TokenChange {
	readonly comment?: string;
	readonly expire?: number;
	/** False: it may all that its user may. */
	readonly privsep?: boolean;
}

/** `token list USER`. */
export async function listTokens({ client, output }: Session, userid: string): Promise<void> {
	const tokens = await client.call(accessRoutes.listTokens, { userid });
	output.rows(tokens, () =>
		tokens.length === 0
			? `${shown(userid)}: ${emptyPlace(output, "noToken")}`
			: output.table<TokenRow>(
					[
						{ head: "TOKEN", cell: ({ tokenid }) => shown(`${userid}!${tokenid}`) },
						{ head: "RIGHTS", cell: ({ privsep }) => (privsep ? "by entries" : "of its user") },
						{ head: "EXPIRES", cell: ({ expire }) => expiryText(expire) },
						{ head: "COMMENT", cell: ({ comment }) => commentText(comment), drop: 1 },
					],
					tokens,
				),
	);
}

/** `token add USER!NAME`: prints the secret, which is nowhere else. */
export async function addToken({ client, output }: Session, id: string, change: TokenChange): Promise<void> {
	const made = await client.call(accessRoutes.createToken, { ...placeOf(id), ...change });
	const token = `${made["full-tokenid"]}=${made.value}`;
	const next = made.info.privsep
		? `It has no privileges yet: pathkeeper acl add / ROLE ${made["full-tokenid"]}\n`
		: "It has all privileges of its user.\n";
	output.document({ ...made, token }, () => `${token}\nThe secret is shown this once. ${next}`);
}

/** `token set USER!NAME`. */
export async function setToken({ client, output }: Session, id: string, change: TokenChange): Promise<void> {
	if (Object.keys(change).length === 0)
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { options: "nothing to change" } });
	const info = await client.call(accessRoutes.putToken, { ...placeOf(id), ...change });
	done(output, info, `Token ${id} is changed.`);
}

/** `token remove USER!NAME`. */
export async function removeToken({ client, output }: Session, id: string): Promise<void> {
	await client.call(accessRoutes.deleteToken, placeOf(id));
	done(output, { token: id }, `Token ${id} is removed.`);
}

function placeOf(id: string): { userid: string; tokenid: string } {
	const parsed = parseTokenId(id);
	if (parsed !== null) return { userid: parsed.user, tokenid: parsed.token };
	throw new PathkeeperError("PARAMETER_INVALID", {
		fields: { token: `'${id}' is not the name of a token, such as jane@local!backup` },
	});
}
