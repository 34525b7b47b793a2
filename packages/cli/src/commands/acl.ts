import { accessRoutes } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import type { AclRow } from "./access-rows.ts";
import { done } from "./user.ts";

/** `acl list`. */
export async function listAcl({ client, output }: Session): Promise<void> {
	const entries = await client.call(accessRoutes.readAcl, {});
	output.rows(entries, () =>
		entries.length === 0
			? emptyPlace(output, "noGrant")
			: output.table<AclRow>(
					[
						{ head: "PATH", cell: ({ path }) => shown(path) },
						{ head: "WHO", cell: ({ ugid }) => shown(ugid) },
						{ head: "ROLE", cell: ({ roleid }) => shown(roleid) },
						{ head: "BELOW", cell: ({ propagate }) => (propagate ? "yes" : "no") },
					],
					entries,
				),
	);
}

/** `acl add` and `acl remove`: a role on a path for users and tokens. */
export async function changeAcl(
	{ client, output }: Session,
	{
		path,
		role,
		subjects,
		remove,
		propagate,
	}: {
		readonly path: string;
		readonly role: string;
		readonly subjects: readonly string[];
		readonly remove: boolean;
		readonly propagate: boolean;
	},
): Promise<void> {
	const lists = {
		users: subjects.filter((subject) => !subject.includes("!")).join(","),
		tokens: subjects.filter((subject) => subject.includes("!")).join(","),
	};
	await client.call(accessRoutes.updateAcl, {
		path,
		roles: role,
		...(lists.users === "" ? {} : { users: lists.users }),
		...(lists.tokens === "" ? {} : { tokens: lists.tokens }),
		propagate,
		...(remove ? { delete: true } : {}),
	});
	const word = remove ? "no longer have" : "have";
	done(output, { path, role, subjects }, `${subjects.join(", ")} ${word} the role ${role} on ${path}.`);
}
