/**
 * Who holds which rights where. As Proxmox VE does it (PVE::AccessControl::roles, PVE::RPCEnvironment::permissions):
 * on the way from `/` down to a path, the entries of one subject on a deeper path replace all that was inherited;
 * an entry that does not propagate counts on its own path only; several roles on one path add up, but NoAccess there
 * leaves nothing. A token has at most what its user has, and a separated one only what entries give it, too.
 */
import { type AclPath, pathsDownTo } from "./acl-path.ts";
import { rootUser, tokenIdOf } from "./auth-id.ts";
import { allRights, type Right, type RoleName, roles } from "./roles.ts";

export interface AclEntry {
	readonly path: AclPath;
	/** A user (`jane@local`) or a token (`jane@local!backup`). */
	readonly subject: string;
	readonly role: RoleName;
	/** Whether it holds below its path, too. */
	readonly propagate: boolean;
}

/** All entries; at most one of a path, subject and role. */
export type Acl = readonly AclEntry[];

/** What somebody may do, by path. */
export type Rights = (path: AclPath) => ReadonlySet<Right>;

/** Somebody who can hold rights. */
export interface Holder {
	readonly user: string;
	/** Null: the user in person. */
	readonly token: { readonly name: string; readonly separated: boolean } | null;
}

export const noRights: Rights = () => new Set();

/** The rights of a user or token that exists; whether it does is not looked at. */
export function rightsOf({ user, token }: Holder, acl: Acl): Rights {
	const owner: Rights = user === rootUser ? () => allRights : grantedRights(user, acl);
	if (token === null || !token.separated) return owner;
	const own = grantedRights(tokenIdOf(user, token.name), acl);
	return (path) => owner(path).intersection(own(path));
}

/** What the entries of one subject alone give it: of a token, without the bound of its user. */
export function grantedRights(subject: string, acl: Acl): Rights {
	const entries = Map.groupBy(
		acl.filter((entry) => entry.subject === subject),
		({ path }) => path,
	);
	return (path) => {
		let inForce: readonly AclEntry[] = [];
		for (const step of pathsDownTo(path)) {
			const here = (entries.get(step) ?? []).filter(({ propagate }) => propagate || step === path);
			if (here.length > 0) inForce = here;
		}
		if (inForce.some(({ role }) => role === "NoAccess")) return new Set();
		return new Set(inForce.flatMap(({ role }): readonly Right[] => roles[role]));
	};
}

/** The list with these entries, as given; the order of entries means nothing. */
export function withEntries(acl: Acl, entries: Acl): Acl {
	return [
		...withoutEntries(acl, entries),
		...new Map(entries.map((entry) => [keyOf(entry), entry])).values(),
	];
}

/** The list without the entries of these paths, subjects and roles. */
export function withoutEntries(acl: Acl, entries: readonly Omit<AclEntry, "propagate">[]): Acl {
	const gone = new Set(entries.map(keyOf));
	return acl.filter((entry) => !gone.has(keyOf(entry)));
}

function keyOf({ path, subject, role }: Omit<AclEntry, "propagate">): string {
	return JSON.stringify([path, subject, role]);
}
