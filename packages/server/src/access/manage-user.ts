/** Who may change which user: what gives power over somebody must not give more than who uses it has. */
import { isInPerson, lackedRight, rightsOf, rootUser } from "@pathkeeper/model";
import type { AccessEdit } from "@pathkeeper/store";
import type { Caller } from "../http/caller.ts";
import type { AccessContext } from "./access-context.ts";
import { permissionDenied } from "./refusals.ts";

/** An edit by a caller, judged by `judge` if given. */
export function editBy(
	{ runtime }: AccessContext,
	{ user, from }: Caller,
	judge?: AccessEdit["judge"],
): AccessEdit {
	return { by: user, from, at: runtime.now(), random: runtime, ...(judge === undefined ? {} : { judge }) };
}

/**
 * An edit of a user who is there already. Who sets a password, makes a token or enables somebody can then be them:
 * so it takes all the rights they have, everywhere. Only root@local itself changes root@local, as in Proxmox VE.
 */
export function editOfUserBy(access: AccessContext, caller: Caller): AccessEdit {
	return editBy(access, caller, ({ account, acl }) => {
		if (account === null || isInPerson(caller.holder, account.id)) return;
		if (account.id === rootUser && caller.holder.user !== rootUser)
			throw permissionDenied(`user != ${rootUser}`);
		const theirs = rightsOf({ user: account.id, token: null }, acl);
		const lacked = lackedRight(theirs, rightsOf(caller.holder, acl), acl);
		if (lacked !== null) throw permissionDenied(lacked);
	});
}
