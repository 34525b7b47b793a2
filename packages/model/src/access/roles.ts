import type { Privilege } from "../api/route.ts";

/** A privilege that somebody can hold. */
export type Right = Exclude<Privilege, "none" | "login">;

/** What each role allows. Roles are fixed, as Proxmox VE's built-in ones are; NoAccess takes away what is inherited. */
export const roles = {
	Administrator: [
		"Sys.Audit",
		"Sys.Modify",
		"Datastore.Audit",
		"Datastore.Allocate",
		"Datastore.AllocateSpace",
		"Permissions.Modify",
	],
	Operator: ["Sys.Audit", "Sys.Modify", "Datastore.Audit", "Datastore.Allocate", "Datastore.AllocateSpace"],
	Auditor: ["Sys.Audit", "Datastore.Audit"],
	NoAccess: [],
} as const satisfies Readonly<Record<string, readonly Right[]>>;

export type RoleName = keyof typeof roles;

export const allRights: ReadonlySet<Right> = new Set(roles.Administrator);

/** True for the name of a role, in its exact letters. */
export function isRoleName(text: string): text is RoleName {
	return Object.hasOwn(roles, text);
}
