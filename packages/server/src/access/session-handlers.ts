/** `/access/ticket`, `/access/domains`, `/access/password`: getting in. */
import { accessRoutes, capabilitiesOf, isInPerson, localRealm, rightsOf } from "@pathkeeper/model";
import { deleteToken, endAllSessions, endSession, readAcl, readUser, setPassword } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import { type AccessContext, nowSeconds } from "./access-context.ts";
import { confirm } from "./confirm.ts";
import { logIn } from "./login.ts";
import { editBy, editOfUserBy } from "./manage-user.ts";
import { permissionDenied } from "./refusals.ts";
import { sessionLifetimeS } from "./ticket.ts";

export function sessionHandlers(access: AccessContext): BoundRoute[] {
	const { store, runtime } = access;
	return [
		bind(accessRoutes.createTicket, async ({ username, realm, password }, { from }) => {
			const { user, ticket, csrf } = await logIn(access, { username, realm, password, from });
			const acl = await readAcl(store);
			const cap = capabilitiesOf(rightsOf({ user, token: null }, acl), acl);
			return { username: user, ticket, CSRFPreventionToken: csrf, cap };
		}),
		bind(accessRoutes.endSession, async ({ all }, caller) => {
			const { session, user, from } = caller;
			if (session === null) throw permissionDenied("user != token");
			const nowS = nowSeconds(access);
			const untilS = session.sinceS + sessionLifetimeS;
			const one = { untilS, nowS, author: { by: user, from, at: runtime.now() } };
			const isAll = all === 1 || all === true || !(await endSession(store, user, session.id, one));
			if (isAll) await endAllSessions(store, user, editBy(access, caller));
			access.tell({ what: "logout", user, from, subject: "session", detail: isAll ? "all sessions" : "" });
			return null;
		}),
		bind(accessRoutes.listDomains, async () => [
			{ realm: localRealm, type: "local", comment: "Pathkeeper's own users", default: flag(true) },
		]),
		bind(accessRoutes.changePassword, async (parameters, caller) => {
			const { userid, password, "confirmation-password": confirmation } = parameters;
			// As in Proxmox VE: a token that leaks must not become a login.
			if (caller.via === "token") throw permissionDenied("user != token");
			if (!isInPerson(caller.holder, userid) && !caller.rights("/").has("Permissions.Modify"))
				throw permissionDenied({ path: "/", right: "Permissions.Modify" });
			await confirm(access, caller, confirmation);
			const hash = await access.hashing.hash(password, runtime);
			await setPassword(store, userid, hash, editOfUserBy(access, caller));
			if (parameters["drop-tokens"] === 1 || parameters["drop-tokens"] === true)
				for (const { name } of (await readUser(store, userid))?.tokens ?? [])
					await deleteToken(store, userid, name, editOfUserBy(access, caller));
			return null;
		}),
	];
}
