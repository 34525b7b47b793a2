/** Nobody gives what they do not have: the rule behind every change of who may what. */
import { type Acl, grantedRights, type Rights } from "./acl.ts";
import { type AclPath, representativePaths } from "./acl-path.ts";
import type { Right } from "./roles.ts";

/** A right on a path. */
export interface RightOnPath {
	readonly path: AclPath;
	readonly right: Right;
}

/** The first right that `wanted` holds somewhere and `held` does not hold there; null when there is none. */
export function lackedRight(wanted: Rights, held: Rights, acl: Acl): RightOnPath | null {
	for (const path of representativePaths(acl.map((entry) => entry.path))) {
		const [right] = wanted(path).difference(held(path));
		if (right !== undefined) return { path, right };
	}
	return null;
}

/**
 * The first right that a change of the list gives to one of the subjects and that the granter does not hold on that
 * path; null when there is none. Taking entries away can give rights, too: a deeper entry replaces an inherited one.
 */
export function excessGrant(
	before: Acl,
	after: Acl,
	granter: Rights,
	subjects: readonly string[],
): RightOnPath | null {
	for (const subject of new Set(subjects)) {
		const old = grantedRights(subject, before);
		const fresh = grantedRights(subject, after);
		const lacked = lackedRight((path) => fresh(path).difference(old(path)), granter, [...before, ...after]);
		if (lacked !== null) return lacked;
	}
	return null;
}
