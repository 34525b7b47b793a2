import { type Acl, ownerOf, PathkeeperError, parseTokenId } from "@pathkeeper/model";

/**
 * How many entries there may be. Everybody may set entries for their own tokens, and every request reads the whole
 * list: so tokens of one user, and tokens of all, leave room for the entries of users.
 */
export const aclBounds = { token: 50, tokensOfUser: 500, tokens: 4000, all: 5000 } as const;

/**
 * Throws PARAMETER_INVALID for a change that makes the list longer than the bounds. One that removes entries from a list
 * that is too long already goes through.
 */
export function checkAclBounds(before: Acl, after: Acl): void {
	const old = countsOf(before);
	for (const [what, { count, most, remedy }] of countsOf(after))
		if (count > most && count > (old.get(what)?.count ?? 0))
			throw new PathkeeperError("PARAMETER_INVALID", {
				fields: { path: `${what} would have ${count} entries, at most ${most} are possible; ${remedy}` },
			});
}

interface Count {
	readonly count: number;
	readonly most: number;
	readonly remedy: string;
}

const parents = "use an entry on a parent path, or remove entries that are not needed";

function countsOf(acl: Acl): ReadonlyMap<string, Count> {
	const tokens = acl.filter(({ subject }) => parseTokenId(subject) !== null);
	const byToken = Map.groupBy(tokens, ({ subject }) => `token '${subject}'`);
	const byOwner = Map.groupBy(tokens, ({ subject }) => `the tokens of '${ownerOf(subject) ?? subject}'`);
	const each = (groups: ReadonlyMap<string, Acl>, most: number) =>
		[...groups].map(([what, { length }]) => [what, { count: length, most, remedy: parents }] as const);
	const remedy = "remove entries that are not needed, such as those of nodes and storages that are gone";
	return new Map<string, Count>([
		...each(byToken, aclBounds.token),
		...each(byOwner, aclBounds.tokensOfUser),
		["all tokens together", { count: tokens.length, most: aclBounds.tokens, remedy }],
		["the list", { count: acl.length, most: aclBounds.all, remedy }],
	]);
}
