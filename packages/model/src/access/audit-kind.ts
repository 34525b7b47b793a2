/** What an audit record is about: the first word of what was done, as `task` of `task.create`. */
export const auditKinds = ["access", "config", "finding", "login", "lun", "node", "refused", "task"] as const;
export type AuditKind = (typeof auditKinds)[number];

/** The kind of `access.user.create` is `access`; of a word that is not known here, the word itself. */
export function auditKindOf(what: string): string {
	return what.split(".", 1)[0] ?? what;
}
