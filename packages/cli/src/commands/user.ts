import { accessRoutes, PathkeeperError } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { commentText, expiryText, type UserRow } from "./access-rows.ts";

export interface UserChange {
	readonly comment?: string;
	readonly expire?: number;
	readonly enable?: boolean;
}

/** `user list`. */
export async function listUsers({ client, output }: Session): Promise<void> {
	const users = await client.call(accessRoutes.listUsers, { full: 1 });
	output.rows(users, () =>
		users.length === 0
			? emptyPlace(output, "noUser")
			: output.table<UserRow>(
					[
						{ head: "USER", cell: ({ userid }) => shown(userid) },
						{ head: "ENABLED", cell: ({ enable }) => (enable ? "yes" : "no") },
						{ head: "EXPIRES", cell: ({ expire }) => expiryText(expire) },
						{ head: "TOKENS", cell: ({ tokens }) => String(tokens?.length ?? 0), align: "right" },
						{ head: "COMMENT", cell: ({ comment }) => commentText(comment), drop: 1 },
					],
					users,
				),
	);
}

/** `user add`: without a password nobody can log in as that user, but its tokens work. */
export async function addUser(
	{ client, output, io }: Session,
	userid: string,
	{ passwordFile, ...change }: UserChange & { readonly passwordFile?: string },
): Promise<void> {
	const password = passwordFile === undefined ? {} : { password: firstLine(io.readFile(passwordFile)) };
	await client.call(accessRoutes.createUser, { userid, ...password, ...change });
	done(
		output,
		{ userid },
		`User ${userid} was added and has no privileges yet: pathkeeper acl add / ROLE ${userid}`,
	);
}

/** `user set`. */
export async function setUser(
	{ client, output }: Session,
	userid: string,
	change: UserChange,
): Promise<void> {
	if (Object.keys(change).length === 0)
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { options: "nothing to change" } });
	await client.call(accessRoutes.putUser, { userid, ...change });
	done(output, { userid }, `User ${userid} is changed.`);
}

/** `user passwd`: the password is the first line of a file, or of standard input. */
export async function setPassword(
	{ client, output, io }: Session,
	userid: string,
	file: string,
): Promise<void> {
	await client.call(accessRoutes.changePassword, { userid, password: firstLine(io.readFile(file)) });
	done(output, { userid }, `${userid} has a new password; earlier sessions have ended.`);
}

/** `user remove`. */
export async function removeUser({ client, output }: Session, userid: string): Promise<void> {
	await client.call(accessRoutes.deleteUser, { userid });
	done(output, { userid }, `User ${userid} is removed, with tokens and entries.`);
}

export function done(output: Session["output"], result: object, text: string): void {
	output.document(result, () => output.lines(shown(text)));
}

function firstLine(text: string): string {
	return text.replace(/\r?\n.*$/s, "");
}
