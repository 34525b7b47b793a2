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
	return lackedOn(representativePaths(acl.map((entry) => entry.path)), wanted, held);
}

function lackedOn(paths: readonly AclPath[], wanted: Rights, held: Rights): RightOnPath | null {
	for (const path of paths) {
		const rights = wanted(path);
		const [right] = rights.size === 0 ? [] : rights.difference(held(path));
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
	const [former, present] = [before, after].map((acl) => Map.groupBy(acl, ({ subject }) => subject));
	const paths = representativePaths([...before, ...after].map(({ path }) => path));
	for (const subject of new Set(subjects)) {
		const [own, now] = [former?.get(subject) ?? [], present?.get(subject) ?? []];
		// Nothing of it changes, so nothing is given.
		if (own.length === 0 && now.length === 0) continue;
		const old = grantedRights(subject, own);
		const fresh = grantedRights(subject, now);
		const lacked = lackedOn(paths, (path) => fresh(path).difference(old(path)), granter);
		if (lacked !== null) return lacked;
	}
	return null;
}
