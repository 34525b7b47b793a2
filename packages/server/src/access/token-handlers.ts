/** `/access/users/U/token`: what programs log in with. */
import { accessRoutes, tokenIdOf } from "@pathkeeper/model";
import {
	createToken,
	deleteToken,
	readUser,
	type Token,
	type TokenChange,
	updateToken,
} from "@pathkeeper/store";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import type { AccessContext } from "./access-context.ts";
import { confirmUnlessFresh } from "./confirm.ts";
import { editOfUserBy } from "./manage-user.ts";
import { notKnown } from "./refusals.ts";

export function tokenHandlers(access: AccessContext): BoundRoute[] {
	const { store } = access;
	const tokensOf = async (user: string): Promise<readonly Token[]> => {
		const known = await readUser(store, user);
		if (known === null) throw notKnown(`user '${user}'`);
		return known.tokens;
	};
	return [
		bind(accessRoutes.listTokens, async ({ userid }) =>
			(await tokensOf(userid)).map((token) => ({ tokenid: token.name, ...tokenInfo(token) })),
		),
		bind(accessRoutes.getToken, async ({ userid, tokenid }) => {
			const token = (await tokensOf(userid)).find(({ name }) => name === tokenid);
			if (token === undefined) throw notKnown(`token '${tokenIdOf(userid, tokenid)}'`);
			return tokenInfo(token);
		}),
		bind(accessRoutes.createToken, async ({ userid, tokenid, ...change }, caller) => {
			await confirmUnlessFresh(access, caller, change["confirmation-password"]);
			const edit = editOfUserBy(access, caller);
			const { token, secret } = await createToken(store, userid, tokenid, changeFrom(change), edit);
			return { "full-tokenid": tokenIdOf(userid, tokenid), info: tokenInfo(token), value: secret };
		}),
		bind(accessRoutes.putToken, async ({ userid, tokenid, ...change }, caller) => {
			// To be good for longer, or for more, is like being made anew.
			const isWidened = change.expire !== undefined || (change.privsep !== undefined && !change.privsep);
			if (isWidened) await confirmUnlessFresh(access, caller, change["confirmation-password"]);
			const edit = editOfUserBy(access, caller);
			return tokenInfo(await updateToken(store, userid, tokenid, changeFrom(change), edit));
		}),
		bind(accessRoutes.deleteToken, async ({ userid, tokenid }, caller) => {
			await deleteToken(store, userid, tokenid, editOfUserBy(access, caller));
			return null;
		}),
	];
}

/** A token as it is listed. */
export function tokenInfo({ comment, expiresAtS, separated }: Token) {
	return { expire: expiresAtS, privsep: flag(separated), ...(comment === "" ? {} : { comment }) };
}

function changeFrom(given: {
	readonly comment?: string;
	readonly expire?: number;
	readonly privsep?: 0 | 1 | boolean;
}): TokenChange {
	const { comment, expire, privsep } = given;
	return {
		...(comment === undefined ? {} : { comment }),
		...(expire === undefined ? {} : { expiresAtS: expire }),
		...(privsep === undefined ? {} : { separated: Boolean(privsep) }),
	};
}
