import type { Acl } from "@pathkeeper/model";
import type { Store } from "../../store.ts";
import { type AccessEdit, changeAccess } from "./change-access.ts";

/**
 * Changes the list of entries; `subject` says in the audit what was done. `change` may be called again when somebody
 * else wrote meanwhile. That users and tokens exist is the caller's to check: what is left for one that is gone does
 * nothing, and goes when the name is given again.
 */
export async function editAcl(
	store: Store,
	subject: string,
	change: (acl: Acl) => Acl,
	edit: AccessEdit,
): Promise<Acl> {
	const about = { what: "access.acl", subject };
	const { acl } = await changeAccess(
		store,
		null,
		about,
		(before) => ({ account: null, acl: change(before.acl) }),
		edit,
	);
	return acl;
}
