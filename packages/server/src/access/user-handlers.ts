/** `/access/users`: who is known. */
import { accessRoutes, isInPerson } from "@pathkeeper/model";
import {
	createUser,
	deleteUser,
	readUser,
	readUsers,
	type User,
	type UserChange,
	updateUser,
} from "@pathkeeper/store";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import type { AccessContext } from "./access-context.ts";
import { confirmUnlessFresh } from "./confirm.ts";
import { editBy, editOfUserBy } from "./manage-user.ts";
import { notKnown } from "./refusals.ts";
import { tokenInfo } from "./token-handlers.ts";

export function userHandlers(access: AccessContext): BoundRoute[] {
	const { store, runtime } = access;
	return [
		bind(accessRoutes.listUsers, async ({ enabled, full }, caller) => {
			const all = caller.rights("/").has("Permissions.Modify");
			return (await readUsers(store))
				.filter((user) => all || isInPerson(caller.holder, user.id))
				.filter((user) => enabled === undefined || user.enabled === Boolean(enabled))
				.map((user) => ({
					userid: user.id,
					...userInfo(user),
					"realm-type": "local",
					...(full
						? { tokens: user.tokens.map((token) => ({ tokenid: token.name, ...tokenInfo(token) })) }
						: {}),
				}));
		}),
		bind(accessRoutes.createUser, async ({ userid, password, ...change }, caller) => {
			if (password !== undefined) await confirmUnlessFresh(access, caller, change["confirmation-password"]);
			const passwordHash = password === undefined ? null : await access.hashing.hash(password, runtime);
			await createUser(store, { id: userid, passwordHash, ...changeFrom(change) }, editBy(access, caller));
			return null;
		}),
		bind(accessRoutes.getUser, async ({ userid }) => {
			const user = await readUser(store, userid);
			if (user === null) throw notKnown(`user '${userid}'`);
			const tokens = user.tokens.map((token) => [token.name, tokenInfo(token)] as const);
			return { ...userInfo(user), tokens: Object.fromEntries(tokens) };
		}),
		bind(accessRoutes.putUser, async ({ userid, ...change }, caller) => {
			await updateUser(store, userid, changeFrom(change), editOfUserBy(access, caller));
			return null;
		}),
		bind(accessRoutes.deleteUser, async ({ userid }, caller) => {
			await deleteUser(store, userid, editOfUserBy(access, caller));
			return null;
		}),
	];
}

function userInfo({ enabled, expiresAtS, comment }: User) {
	return { enable: flag(enabled), expire: expiresAtS, ...(comment === "" ? {} : { comment }) };
}

function changeFrom(given: {
	readonly comment?: string;
	readonly enable?: 0 | 1 | boolean;
	readonly expire?: number;
}): UserChange {
	const { comment, enable, expire } = given;
	return {
		...(comment === undefined ? {} : { comment }),
		...(enable === undefined ? {} : { enabled: Boolean(enable) }),
		...(expire === undefined ? {} : { expiresAtS: expire }),
	};
}
