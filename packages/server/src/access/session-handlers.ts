/** `/access/ticket`, `/access/domains`, `/access/password`: getting in. */
import {
	accessRoutes,
	capabilitiesOf,
	isInPerson,
	localRealm,
	PathkeeperError,
	rightsOf,
} from "@pathkeeper/model";
import { hashPassword, readAccount, readAcl, setPassword } from "@pathkeeper/store";
import type { Caller } from "../caller.ts";
import { type BoundRoute, bind } from "../routes/bind.ts";
import { flag } from "../wire/flag.ts";
import type { AccessContext } from "./access-context.ts";
import { logIn, provePassword } from "./login.ts";
import { editOfUserBy } from "./manage-user.ts";
import { permissionDenied } from "./refusals.ts";

export function sessionHandlers(access: AccessContext): BoundRoute[] {
	const { store, random } = access;
	return [
		bind(accessRoutes.createTicket, async ({ username, realm, password }, { from }) => {
			const { user, ticket, csrf } = await logIn(access, { username, realm, password, from });
			const acl = await readAcl(store);
			const cap = capabilitiesOf(rightsOf({ user, token: null }, acl), acl);
			return { username: user, ticket, CSRFPreventionToken: csrf, cap };
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
			if (caller.via === "ticket") await confirm(access, caller, confirmation);
			const hash = await access.hashing.run(() => hashPassword(password, random));
			await setPassword(store, userid, hash, editOfUserBy(access, caller));
			return null;
		}),
	];
}

/** An unattended screen must not be enough to take somebody's account. */
async function confirm(access: AccessContext, caller: Caller, password: string | undefined): Promise<void> {
	const fields = (text: string) => ({ fields: { "confirmation-password": text } });
	if (password === undefined)
		throw new PathkeeperError("PARAMETER_INVALID", fields("property is missing and it is not optional"));
	const account = await readAccount(access.store, caller.user);
	try {
		await provePassword(access, { user: caller.user, account, password, from: caller.from });
	} catch (error) {
		if (!(error instanceof PathkeeperError) || error.code !== "LOGIN_FAILED") throw error;
		throw new PathkeeperError("PARAMETER_INVALID", fields("authentication failure"));
	}
}
