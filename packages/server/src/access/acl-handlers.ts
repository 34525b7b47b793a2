/** `/access/acl`: who may what where. */
import {
	type Acl,
	type AclPath,
	accessRoutes,
	excessGrant,
	isInPerson,
	isRoleName,
	isUserId,
	ownerOf,
	PathkeeperError,
	parseAclPath,
	parseTokenId,
	type RoleName,
	rightsOf,
	splitList,
	withEntries,
	withoutEntries,
} from "@pathkeeper/model";
import { editAcl, readAcl, readUser, type Store } from "@pathkeeper/store";
import { type BoundRoute, bind } from "../http/bind.ts";
import type { Caller } from "../http/caller.ts";
import { flag } from "../http/flag.ts";
import type { AccessContext } from "./access-context.ts";
import { editBy } from "./manage-user.ts";
import { notKnown, permissionDenied } from "./refusals.ts";

export function aclHandlers(access: AccessContext): BoundRoute[] {
	const { store } = access;
	return [
		bind(accessRoutes.readAcl, async (_, caller) =>
			(await readAcl(store))
				.filter((entry) => maySet(caller, entry.path, entry.subject) || entry.subject === caller.user)
				.map(({ path, subject, role, propagate }) => ({
					path,
					type: isUserId(subject) ? ("user" as const) : ("token" as const),
					ugid: subject,
					roleid: role,
					propagate: flag(propagate),
				})),
		),
		bind(accessRoutes.updateAcl, async (parameters, caller) => {
			const path = pathFrom(parameters.path);
			const subjects = subjectsFrom(parameters);
			for (const subject of subjects)
				if (!maySet(caller, path, subject)) throw permissionDenied({ path, right: "Permissions.Modify" });
			const roles = rolesFrom(parameters.roles);
			const propagate = parameters.propagate === undefined || Boolean(parameters.propagate);
			const removes = Boolean(parameters.delete);
			if (!removes) for (const subject of subjects) await refuseUnknown(store, subject);
			const entries = subjects.flatMap((subject) =>
				roles.map((role) => ({ path, subject, role, propagate })),
			);
			const change = (acl: Acl): Acl => (removes ? withoutEntries(acl, entries) : withEntries(acl, entries));
			const done = `${path} ${removes ? "-" : "+"}${roles.join(",")} ${subjects.join(",")}`;
			await editAcl(
				store,
				done,
				change,
				editBy(access, caller, (before, after) => {
					const excess = excessGrant(before.acl, after.acl, rightsOf(caller.holder, before.acl), subjects);
					if (excess !== null) throw permissionDenied(excess);
				}),
			);
			return null;
		}),
	];
}

/** Whoever holds the privilege on the path; and everybody for their own tokens, which get no more than they have. */
function maySet(caller: Caller, path: AclPath, subject: string): boolean {
	const own = parseTokenId(subject);
	return (
		caller.rights(path).has("Permissions.Modify") || (own !== null && isInPerson(caller.holder, own.user))
	);
}

function pathFrom(text: string): AclPath {
	const path = parseAclPath(text);
	if (path !== null) return path;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { path: `invalid ACL path '${text}'` } });
}

function rolesFrom(text: string): readonly RoleName[] {
	const names = [...new Set(splitList(text))];
	if (names.length === 0)
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { roles: "invalid format - an empty list" } });
	return names.map((name) => {
		if (isRoleName(name)) return name;
		throw notKnown(`role '${name}'`);
	});
}

function subjectsFrom({ users = "", tokens = "" }: { readonly users?: string; readonly tokens?: string }) {
	const lists = { users: splitList(users), tokens: splitList(tokens) };
	const wrong = [
		...lists.users.filter((user) => !isUserId(user)).map((user) => ["users", user] as const),
		...lists.tokens
			.filter((token) => parseTokenId(token) === null)
			.map((token) => ["tokens", token] as const),
	];
	const fields = wrong.map(([list, name]) => [list, `invalid format - '${name}'`] as const);
	const subjects = [...new Set([...lists.users, ...lists.tokens])];
	if (subjects.length === 0) {
		const text = "either 'users' or 'tokens' is required.";
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { users: text, tokens: text } });
	}
	if (fields.length > 0)
		throw new PathkeeperError("PARAMETER_INVALID", { fields: Object.fromEntries(fields) });
	return subjects;
}

async function refuseUnknown(store: Store, subject: string): Promise<void> {
	const user = await readUser(store, ownerOf(subject) ?? "");
	if (user === null) throw notKnown(`user '${ownerOf(subject)}'`);
	const token = parseTokenId(subject);
	if (token !== null && !user.tokens.some(({ name }) => name === token.token))
		throw notKnown(`token '${subject}'`);
}
